import { useEffect, useRef } from "preact/hooks";
import type { ApiProblem } from "../../api/problem.ts";
import { type Schema, secretNames, shownValue } from "../../settings/schema.ts";
import { changesBetween, type SettingChange, type Tree } from "../../settings/tree.ts";

interface OvertakenProps {
  id: string | null;
  schema: Schema;
  sides: { base: Tree; theirs: Tree; mine: Tree };
  /** What the service has refused, since somebody wanted to send the form. */
  asked: ApiProblem | null;
  keepMine: () => void;
  takeTheirs: () => void;
}

/** Somebody else has changed the connector that is edited here: what they have made of it, what was typed here, and which is to hold. */
export function Overtaken({
  id,
  schema,
  sides: { base, theirs, mine },
  asked,
  keepMine,
  takeTheirs,
}: OvertakenProps) {
  const box = useRef<HTMLElement>(null);
  useEffect(() => {
    const isNowhere = document.activeElement === document.body;
    if (asked !== null || isNowhere) box.current?.focus();
  }, [asked]);
  const secrets = secretNames(schema);
  const changes = { theirs: changesBetween(base, theirs), mine: changesBetween(base, mine) };
  const paths = [...new Set([...changes.theirs, ...changes.mine].map(({ path }) => path))];
  return (
    <section
      class="trouble"
      role="alert"
      aria-label={`${id} was changed by someone else`}
      tabIndex={-1}
      ref={box}
    >
      <p>
        <b>{id} was changed by someone else at the same time.</b> Nothing of yours is saved yet.
      </p>
      <table class="differs">
        <thead>
          <tr>
            <th scope="col">Setting</th>
            <th scope="col">Before</th>
            <th scope="col">Theirs</th>
            <th scope="col">Yours</th>
          </tr>
        </thead>
        <tbody>
          {paths.map((path) => {
            const [their, own] = [changes.theirs, changes.mine].map((all) =>
              all.find((each) => each.path === path),
            );
            return (
              <tr key={path}>
                <th scope="row">{path}</th>
                <td>{settingText((their ?? own)?.before, path, secrets)}</td>
                <td>{sideText(their, secrets)}</td>
                <td>{sideText(own, secrets)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      {changes.theirs.length === 0 && (
        <p class="soft">They changed nothing that is shown, such as a secret.</p>
      )}
      <div class="acts">
        <button type="button" class="btn main" onClick={keepMine}>
          Take theirs, keep what I typed
        </button>
        <button type="button" class="btn danger" onClick={takeTheirs}>
          Throw mine away
        </button>
      </div>
    </section>
  );
}

const sideText = (change: SettingChange | undefined, secrets: ReadonlySet<string>): string =>
  change === undefined ? "as before" : settingText(change.after, change.path, secrets);

/** `manual → cron`, without secrets. */
export function changeText(change: SettingChange, secrets: ReadonlySet<string>): string {
  const { path, before, after } = change;
  const now = settingText(after, path, secrets);
  return before === undefined ? now : `${settingText(before, path, secrets)} → ${now}`;
}

function settingText(value: unknown, path: string, secrets: ReadonlySet<string>): string {
  const shown = shownValue(value, path.split("."), secrets);
  return shown === undefined ? "default" : typeof shown === "string" ? shown : JSON.stringify(shown);
}
