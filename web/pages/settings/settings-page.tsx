import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { type ApiProblem, asProblem } from "../../api/problem.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Empty } from "../../parts/empty.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { Plan } from "../../parts/plan.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import { ofForm } from "../../settings/form-problem.ts";
import { type Schema, secretNames, shownValue } from "../../settings/schema.ts";
import { SettingsField } from "../../settings/settings-fields.tsx";
import { changesBetween, type SettingChange, type Tree, withValueAt } from "../../settings/tree.ts";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf, go } from "../../shell/router.ts";
import { say } from "../../shell/toasts.tsx";
import { counted } from "../../words/numbers.ts";

/** The settings of a connector, or of a new one, in a form that is made from their schema. */
export default function SettingsPage({ params: { id } }: PageProps) {
  const answer = useAnswer(
    async (signal) => ({
      schema: (await api.connectorSchema({}, { signal })).schema as Schema,
      connector: id === undefined ? null : await api.getConnector({ connectorId: id }, { signal }),
    }),
    [id],
  );
  return (
    <Page
      title={id === undefined ? "What shall be carried?" : `How ${id} is set.`}
      short={id === undefined ? "New connector" : `Settings of ${id}`}
      above={<Crumb id={id} />}
      lede="What is left out takes its default, or what the configuration file says for all connectors."
    >
      {may(id === undefined ? api.createConnector : api.replaceConnector) ? (
        <Loaded from={answer}>
          {({ schema, connector }) =>
            connector?.origin === "file" ? (
              <MadeInFile id={connector.id} />
            ) : (
              <Form
                schema={schema}
                id={id ?? null}
                version={connector?.version ?? null}
                before={connector?.settings ?? {}}
              />
            )
          }
        </Loaded>
      ) : (
        <Empty title="Settings are for admins">
          <p class="soft">The key that signed you in may look at runs and memories.</p>
        </Empty>
      )}
    </Page>
  );
}

function Crumb({ id }: { id: string | undefined }) {
  return (
    <nav class="crumb" aria-label="Where this is">
      <a href="#/">Overview</a>
      <span aria-hidden="true">/</span>
      {id === undefined ? (
        <span>new connector</span>
      ) : (
        <>
          <a href={addressOf(["connectors", id])}>{id}</a>
          <span aria-hidden="true">/</span>
          <span>settings</span>
        </>
      )}
    </nav>
  );
}

function MadeInFile({ id }: { id: string }) {
  return (
    <Empty title={`${id} is made in the configuration file`}>
      <p class="soft">
        Change it there, under <code>connectors</code>: a running service takes it up by itself. Only
        connectors that were made here or through the API are changed here.
      </p>
    </Empty>
  );
}

interface FormProps {
  schema: Schema;
  /** Null for a new connector. */
  id: string | null;
  version: number | null;
  before: Tree;
}

function Form({ schema, id, version, before }: FormProps) {
  const draft = useSignal<Tree>(before);
  const problem = useSignal<ApiProblem | null>(null);
  const isPlanned = useSignal(false);
  /** By dotted path, what was typed and is no value. */
  const refused = useSignal<ReadonlyMap<string, string>>(new Map());
  /** What keeps the form from being sent, in the order of its fields, since somebody wanted to send it. */
  const own = useSignal<readonly string[]>([]);
  const form = useRef<HTMLFormElement>(null);
  const changes = changesBetween(before, draft.value);
  const secrets = secretNames(schema);
  const missing = (schema.required ?? []).filter((key) => key !== "id" || id === null);
  const faults = () =>
    Object.keys(schema.properties ?? {}).flatMap((key) =>
      missing.includes(key) && draft.value[key] === undefined
        ? [key]
        : [...refused.value.keys()].filter((path) => path.split(".", 1)[0] === key),
    );
  const wrong = new Map([
    ...(problem.value?.problems ?? []).map(({ path, reason }) => [path, reason] as const),
    ...own.value.map((path) => [path, "is missing"] as const),
    ...refused.value,
  ]);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem.value, own.value]);
  const isAsking = useSignal(false);
  const trying = async (work: () => Promise<void>) => {
    problem.value = null;
    isAsking.value = true;
    try {
      await work();
    } catch (thrown) {
      problem.value = ofForm(asProblem(thrown));
      isPlanned.value = false;
    }
    isAsking.value = false;
  };
  /** What the service would refuse has no plan. */
  const plan = async () => {
    own.value = faults();
    problem.value = null;
    if (own.value.length > 0) return;
    await trying(async () => {
      await send(id, version, draft.value, true);
      isPlanned.value = true;
    });
  };
  const settle = (path: readonly string[], why: string | null) => {
    const name = path.join(".");
    const others = [...refused.value].filter(([each]) => each !== name);
    refused.value = new Map(why === null ? others : [...others, [name, why]]);
    own.value = own.value.filter((each) => each !== name);
    isPlanned.value = false;
  };
  const save = () =>
    trying(async () => {
      const saved = await send(id, version, draft.value, false);
      say(id === null ? `${saved.id} is made, and scheduled.` : `${saved.id} is changed.`);
      go(addressOf(["connectors", saved.id]));
    });
  return (
    <form
      class="form"
      noValidate
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        void plan();
      }}
    >
      {problem.value && <Trouble problem={problem.value} />}
      {own.value.length > 0 && <ToMend paths={own.value} />}
      <section class="panel pad form">
        {Object.entries(schema.properties ?? {})
          .filter(([key]) => id === null || key !== "id")
          .map(([key, field]) => (
            <SettingsField
              key={key}
              schema={field}
              path={[key]}
              value={draft.value[key]}
              wrong={wrong}
              isRequired={schema.required?.includes(key) ?? false}
              change={(path, value) => {
                draft.value = withValueAt(draft.value, path, value);
                settle(path, null);
              }}
              refuse={settle}
            />
          ))}
      </section>
      {isPlanned.value ? (
        <Plan
          title={id === null ? "Plan: make the connector" : `Plan: change ${id}`}
          facts={changes.map((change) => [change.path, changeText(change, secrets)] as const)}
          note="A run that is under way goes on with the settings that it began with."
          action={
            changes.length === 0
              ? null
              : id === null
                ? "Make it"
                : `Change ${counted(changes.length, "setting")}`
          }
          act={save}
          close={() => {
            isPlanned.value = false;
          }}
        />
      ) : (
        <div class="acts">
          <button
            type="submit"
            class="btn main"
            disabled={(changes.length === 0 && refused.value.size === 0) || isAsking.value}
          >
            See what changes
          </button>
        </div>
      )}
    </form>
  );
}

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
