import { useEffect, useRef } from "preact/hooks";
import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { BusyButton } from "../../parts/busy-button.tsx";
import { Plan } from "../../parts/plan.tsx";
import { TroubleAtButton } from "../../parts/trouble.tsx";
import { secretNames } from "../../settings/schema.ts";
import { SettingsFields } from "../../settings/settings-fields.tsx";
import { changesBetween, type SettingChange } from "../../settings/tree.ts";
import { counted } from "../../words/numbers.ts";
import { changeText, Overtaken } from "./overtaken.tsx";
import { Tried } from "./tries.tsx";
import { type FormProps, useDraft } from "./use-draft.ts";

/** A form that is made from the settings' schema. What it changes is shown first, and both ends can be tried before anything is kept. */
export function SettingsForm(props: FormProps) {
  const { schema, id, latest } = props;
  const { draft, problem, isPlanned, isAsking, tries, own, wrong, isOvertaken, ...form } = useDraft(props);
  const { base, settings } = draft;
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem.value, own.value]);
  /** What is pressed goes away with what it settles: the keyboard goes on from the form. */
  const settling = (settle: () => void) => () => {
    settle();
    element.current?.focus({ preventScroll: true });
  };
  return (
    <form
      class="form"
      noValidate
      tabIndex={-1}
      aria-label={id === null ? "New connector" : `Settings of ${id}`}
      ref={element}
      onSubmit={(event) => {
        event.preventDefault();
        void form.plan();
      }}
    >
      {form.isBack.value && (
        <p class="acts" role="status">
          What you typed here before is still here, and not saved.
          <button type="button" class="btn" onClick={settling(form.takeTheirs)}>
            Throw it away
          </button>
        </p>
      )}
      <section class="panel pad form">
        <SettingsFields
          key={form.drawn}
          schema={schema}
          path={[]}
          values={settings.value}
          without={id === null ? undefined : "id"}
          wrong={wrong}
          change={form.change}
          refuse={form.refuse}
          left={draft.left}
        />
      </section>
      {tries.value && <Tried tries={tries.value} />}
      {own.value.length > 0 && <ToMend paths={own.value} />}
      {isOvertaken ? (
        <Overtaken
          id={id}
          schema={schema}
          sides={{ base: base.value.settings, theirs: latest.settings, mine: settings.value }}
          asked={problem.value}
          keepMine={settling(form.keepMine)}
          takeTheirs={settling(form.takeTheirs)}
        />
      ) : (
        problem.value && <TroubleAtButton problem={problem.value} />
      )}
      {isPlanned.value ? (
        <ChangePlan
          id={id}
          schema={schema}
          changes={changesBetween(base.value.settings, settings.value)}
          save={form.save}
          close={() => {
            isPlanned.value = false;
          }}
        />
      ) : (
        <div class="acts">
          <BusyButton type="submit" class="btn main" isBusy={form.isUntouched || isAsking.value}>
            See what changes
          </BusyButton>
          {may(api.checkConnector) && (
            <BusyButton isBusy={isAsking.value} onClick={form.tryBoth}>
              Try both ends
            </BusyButton>
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
