import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { type ApiProblem, asProblem } from "../../api/problem.ts";
import { Plan } from "../../parts/plan.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import { missingIn } from "../../settings/blocks.ts";
import { ofForm } from "../../settings/form-problem.ts";
import { type Schema, secretNames, shownValue } from "../../settings/schema.ts";
import { SettingsFields } from "../../settings/settings-fields.tsx";
import { changesBetween, type SettingChange, type Tree, withValueAt } from "../../settings/tree.ts";
import { addressOf, go } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { counted } from "../../words/numbers.ts";
import { Tried, type Tries } from "./tries.tsx";

interface FormProps {
  schema: Schema;
  /** Null for a new connector. */
  id: string | null;
  version: number | null;
  before: Tree;
}

/** What was typed so far, what is wrong with it, and what the service says about it. */
function useDraft({ schema, id, version, before }: FormProps) {
  const draft = useSignal<Tree>(before);
  const problem = useSignal<ApiProblem | null>(null);
  const isPlanned = useSignal(false);
  const tries = useSignal<Tries | null>(null);
  const isAsking = useSignal(false);
  /** By dotted path, what was typed and is no value. */
  const refused = useSignal<ReadonlyMap<string, string>>(new Map());
  /** What keeps the form from being sent, in the order of its fields, since somebody wanted to send it. */
  const own = useSignal<readonly string[]>([]);
  const faults = () => {
    const missing = missingIn(schema, draft.value).filter((path) => path !== "id" || id === null);
    const all = [...missing, ...refused.value.keys()];
    return Object.keys(schema.properties ?? {}).flatMap((key) => all.filter((path) => isWithin(path, key)));
  };
  /** What the form itself finds wrong comes first; what the service would refuse has no plan and is not tried. */
  const asking = async (work: () => Promise<void>) => {
    own.value = faults();
    problem.value = null;
    tries.value = null;
    if (own.value.length > 0) return;
    isAsking.value = true;
    try {
      await work();
    } catch (thrown) {
      problem.value = ofForm(asProblem(thrown));
      isPlanned.value = false;
    }
    isAsking.value = false;
  };
  const settle = (path: readonly string[], why: string | null) => {
    const name = path.join(".");
    const others = [...refused.value].filter(([each]) => !isWithin(each, name));
    refused.value = new Map(why === null ? others : [...others, [name, why]]);
    own.value = own.value.filter((each) => !isWithin(each, name));
    isPlanned.value = false;
    tries.value = null;
  };
  return {
    ...{ draft, problem, isPlanned, isAsking, tries, own },
    wrong: new Map([
      ...(problem.value?.problems ?? []).map(({ path, reason }) => [path, reason] as const),
      ...own.value.map((path) => [path, "is missing"] as const),
      ...refused.value,
    ]),
    isUntouched: changesBetween(before, draft.value).length === 0 && refused.value.size === 0,
    refuse: settle,
    change: (path: readonly string[], value: unknown) => {
      draft.value = withValueAt(draft.value, path, value);
      settle(path, null);
    },
    plan: () =>
      asking(async () => {
        await send(id, version, draft.value, true);
        isPlanned.value = true;
      }),
    tryBoth: () =>
      asking(async () => {
        const connectorId = id ?? String(draft.value.id);
        tries.value = (await api.checkConnector({ connectorId, settings: draft.value })).checks;
      }),
    save: () =>
      asking(async () => {
        const saved = await send(id, version, draft.value, false);
        say(id === null ? `${saved.id} is made, and scheduled.` : `${saved.id} is changed.`);
        go(addressOf(["connectors", saved.id]));
      }),
  };
}

/** A form that is made from the settings' schema. What it changes is shown first, and both ends can be tried before anything is kept. */
export function SettingsForm(props: FormProps) {
  const { schema, id, before } = props;
  const { draft, problem, isPlanned, isAsking, tries, own, wrong, ...form } = useDraft(props);
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem.value, own.value]);
  return (
    <form
      class="form"
      noValidate
      ref={element}
      onSubmit={(event) => {
        event.preventDefault();
        void form.plan();
      }}
    >
      {problem.value && <Trouble problem={problem.value} />}
      {own.value.length > 0 && <ToMend paths={own.value} />}
      <section class="panel pad form">
        <SettingsFields
          schema={schema}
          path={[]}
          values={draft.value}
          without={id === null ? undefined : "id"}
          wrong={wrong}
          change={form.change}
          refuse={form.refuse}
        />
      </section>
      {tries.value && <Tried tries={tries.value} />}
      {isPlanned.value ? (
        <ChangePlan
          id={id}
          schema={schema}
          changes={changesBetween(before, draft.value)}
          save={form.save}
          close={() => {
            isPlanned.value = false;
          }}
        />
      ) : (
        <div class="acts">
          <button type="submit" class="btn main" disabled={form.isUntouched || isAsking.value}>
            See what changes
          </button>
          {may(api.checkConnector) && (
            <button type="button" class="btn" disabled={isAsking.value} onClick={() => void form.tryBoth()}>
              Try both ends
            </button>
          )}
        </div>
      )}
    </form>
  );
}

interface ChangePlanProps extends Pick<FormProps, "id" | "schema"> {
  changes: readonly SettingChange[];
  save: () => Promise<void>;
  close: () => void;
}

function ChangePlan({ id, schema, changes, save, close }: ChangePlanProps) {
  const secrets = secretNames(schema);
  const label = id === null ? "Make it" : `Change ${counted(changes.length, "setting")}`;
  return (
    <Plan
      title={id === null ? "Plan: make the connector" : `Plan: change ${id}`}
      facts={changes.map((change) => [change.path, changeText(change, secrets)] as const)}
      note="A run that is under way goes on with the settings that it began with."
      action={changes.length === 0 ? null : label}
      act={save}
      close={close}
    />
  );
}

/** Whether a dotted path is another one or lies below it. */
const isWithin = (path: string, other: string): boolean => path === other || path.startsWith(`${other}.`);

/** Refused when somebody else was faster. */
function send(id: string | null, version: number | null, settings: Tree, dryRun: boolean) {
  if (id === null) return api.createConnector({ settings, dryRun });
  const headers = version === null ? {} : { "if-match": `"${version}"` };
  return api.replaceConnector({ connectorId: id, settings: { ...settings, id }, dryRun }, { headers });
}

/** What the form finds wrong by itself, before the service is asked. */
function ToMend({ paths }: { paths: readonly string[] }) {
  return (
    <p class="trouble" role="alert">
      <span>
        <b>{counted(paths.length, "field is", "fields are")} to be mended first:</b> {paths.join(", ")}.
      </span>
    </p>
  );
}

/** `manual → cron`, without secrets. */
function changeText({ path, before, after }: SettingChange, secrets: ReadonlySet<string>): string {
  const text = (value: unknown) => {
    const shown = shownValue(value, path.split("."), secrets);
    return shown === undefined ? "default" : typeof shown === "string" ? shown : JSON.stringify(shown);
  };
  return before === undefined ? text(after) : `${text(before)} → ${text(after)}`;
}
