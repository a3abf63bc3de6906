import type { showConfiguration } from "../../../src/operations/configuration/show-configuration.ts";
import type { Answer } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Empty } from "../../parts/empty.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Words } from "../../parts/words.tsx";
import { ForThoseWhoMay, ServicePage } from "../../service/service-page.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf, go } from "../../shell/router.ts";
import { counted } from "../../words/numbers.ts";
import { capital } from "../../words/text.ts";

type Configuration = Answer<typeof showConfiguration>;
type Setting = Configuration["settings"][number];

/** What is looked for, and whether defaults are shown as well; both are in the address. */
interface Look {
  text: string;
  withDefaults: boolean;
}

const addressFor = ({ text, withDefaults }: Look): string =>
  addressOf(["service", "configuration"], { q: text, defaults: withDefaults ? "shown" : "" });

/** Every setting in force and where it comes from. Secrets stay in the service. */
export default function ConfigurationPage({ query }: PageProps) {
  const look = { text: query.get("q") ?? "", withDefaults: query.get("defaults") === "shown" };
  return (
    <ForThoseWhoMay what="The configuration" ask={api.showConfiguration}>
      {() => <InForce look={look} />}
    </ForThoseWhoMay>
  );
}

function InForce({ look }: { look: Look }) {
  const answer = useAnswer((signal) => api.showConfiguration({}, { signal }), []);
  const known = answer.value.value;
  return (
    <ServicePage
      title={known === null ? "Configuration" : titleOf(known)}
      short="Configuration"
      lede={known && ledeOf(known)}
    >
      <Loaded from={answer}>
        {({ settings, warnings }) => (
          <>
            <Warnings warnings={warnings} />
            <Search look={look} defaults={settings.filter(({ isDefault }) => isDefault).length} />
            <Found
              settings={settings.filter((setting) => isFound(setting, look))}
              names={new Map(settings.map(({ path, value }) => [path, value]))}
              isSearched={look.text.trim() !== ""}
            />
          </>
        )}
      </Loaded>
    </ServicePage>
  );
}

function titleOf({ settings, warnings }: Configuration): string {
  const set = settings.filter(({ isDefault }) => !isDefault).length;
  const said =
    warnings.length === 0 ? "" : `; ${counted(warnings.length, "thing is", "things are")} to be looked at`;
  return `${counted(set, "setting is", "settings are")} set, the others have their defaults${said}.`;
}

function ledeOf({ source }: Configuration) {
  return source === null ? (
    "There is no configuration file. Secrets are not shown."
  ) : (
    <>
      From <code>{source}</code>, variables and flags, as it is in force now. Secrets are not shown.
    </>
  );
}

/** What is searched for is found in the path and in the origin; the defaults only where they are asked for, or searched for. */
export function isFound(
  { path, origin, value, isDefault }: Pick<Setting, "path" | "origin" | "value" | "isDefault">,
  { text, withDefaults }: Look,
): boolean {
  const words = text
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== "");
  if (isDefault && !withDefaults && words.length === 0) return false;
  const all = `${path} ${origin ?? ""} ${value}`.toLowerCase();
  return words.every((word) => all.includes(word));
}

function Search({ look, defaults }: { look: Look; defaults: number }) {
  const change = (changed: Partial<Look>) => go(addressFor({ ...look, ...changed }), { replace: true });
  return (
    <search aria-label="Settings">
      <form class="filter" onSubmit={(event) => event.preventDefault()}>
        <label class="wide">
          <span class="label">Find a setting, by its name, its value or its variable</span>
          <input
            class="input"
            type="search"
            value={look.text}
            onInput={({ currentTarget }) => change({ text: currentTarget.value })}
          />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={look.withDefaults}
            onChange={({ currentTarget }) => change({ withDefaults: currentTarget.checked })}
          />
          <span>Show the {counted(defaults, "default")}, too</span>
        </label>
      </form>
    </search>
  );
}

/** The list of memories that a path is in, `connectors[0].source.memories`; null for any other setting. Nobody sets a service by them. */
export const foldedOf = (path: string): string | null => /^(.*\bmemories)\[\d+\]/u.exec(path)?.[1] ?? null;

function Settings({ settings, from }: { settings: readonly Setting[]; from: string }) {
  return (
    <dl class="settings">
      {settings.map((setting) => (
        <div key={setting.path}>
          <dt>
            <code>{setting.path.slice(from.length).replace(/^\./u, "") || from}</code>
          </dt>
          <dd>
            <code>{setting.value === "" ? "“”" : setting.value}</code> <Origin setting={setting} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

interface FoundProps {
  settings: readonly Setting[];
  /** Values by path, for the ids of list items. */
  names: ReadonlyMap<string, string>;
  isSearched: boolean;
}

function Found({ settings, names, isSearched }: FoundProps) {
  if (settings.length === 0)
    return (
      <Empty title="No setting is like this">
        <p class="soft">Try one word of its name, such as “timeout”.</p>
      </Empty>
    );
  const blocks = Map.groupBy(settings, ({ path }) => path.split(".", 1)[0] ?? path);
  return (
    <>
      {[...blocks].map(([block, ofBlock]) => (
        <section key={block} class="panel pad stack" aria-label={block}>
          <h2>
            <code>{block}</code> {names.get(`${block}.id`)}
          </h2>
          <Settings settings={ofBlock.filter(({ path }) => foldedOf(path) === null)} from={block} />
          {[...Map.groupBy(ofBlock, ({ path }) => foldedOf(path))].map(
            ([list, ofList]) =>
              list !== null && (
                <details key={list} open={isSearched}>
                  <summary>
                    <code>{list.slice(block.length + 1)}</code> {counted(ofList.length, "setting")}
                  </summary>
                  <Settings settings={ofList} from={list} />
                </details>
              ),
          )}
        </section>
      ))}
    </>
  );
}

function Origin({ setting: { isDefault, line, origin } }: { setting: Setting }) {
  if (isDefault) return <span class="small soft">default</span>;
  if (origin !== null)
    return (
      <span class="small soft">
        from <code>{origin}</code>
      </span>
    );
  return <span class="small soft">{line === null ? "from the file" : `line ${line} of the file`}</span>;
}

function Warnings({ warnings }: { warnings: Configuration["warnings"] }) {
  if (warnings.length === 0) return null;
  return (
    <section class="panel pad stack" aria-label="To be looked at">
      <h2>To be looked at</h2>
      <ul class="stack">
        {warnings.map(({ path, line, reason, hint }) => (
          <li key={path + reason}>
            <code>{path}</code> {line !== null && <span class="small soft">line {line}</span>} {reason}
            {hint !== null && (
              <p class="small soft">
                <Words text={capital(hint)} />
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
