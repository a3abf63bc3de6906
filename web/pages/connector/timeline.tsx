import { useSignal } from "@preact/signals";
import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { ActiveRun, Run } from "../../connectors/connector.ts";
import { runState, runText, settledText, triggerText } from "../../connectors/run-state.ts";
import { Icon } from "../../parts/icon.tsx";
import { Words } from "../../parts/words.tsx";
import { addressOf } from "../../shell/router.ts";
import { attempt } from "../../shell/toasts.tsx";
import { now } from "../../words/now.ts";
import { day, duration, timeOfDay } from "../../words/time.ts";
import { type Change, changeText, type Moment, momentsByDay } from "./moments.ts";

const filters = [
  ["all", "All"],
  ["runs", "Runs"],
  ["changes", "Changes"],
  ["errors", "Only with errors"],
] as const;

/** Runs and what people changed, newest first; what is shown of them is in the address. */
export function RunsAndChanges({
  id,
  runs,
  active,
  asked,
}: {
  id: string;
  runs: readonly Run[];
  active: ActiveRun | null;
  /** What is to be shown; null for all. */
  asked: string | null;
}) {
  const older = useSignal<{ runs: readonly Run[]; next: string | null } | null>(null);
  const changes = useAnswer<readonly Change[]>(
    async (signal) =>
      may(api.listAuditEntries)
        ? (await api.listAuditEntries({ subject: id, limit: 30 }, { signal })).entries
        : [],
    [id],
    ({ connectorId }) => connectorId === id,
  );
  const show = filters.find(([name]) => name === asked)?.[0] ?? "all";
  const all = [...runs, ...(older.value?.runs ?? [])];
  const days = momentsByDay(all, changes.value.value ?? [], show);
  const more = async () => {
    const after = older.value?.next ?? (await api.connectorHistory({ connectorId: id, limit: 30 })).next;
    if (after === null) older.value = { runs: older.value?.runs ?? [], next: null };
    else {
      const page = await api.connectorHistory({ connectorId: id, limit: 30, after });
      older.value = { runs: [...(older.value?.runs ?? []), ...page.runs], next: page.next };
    }
  };
  const mayHaveMore = older.value === null ? runs.length >= 30 : older.value.next !== null;
  return (
    <section class="panel pad stack">
      <div class="head">
        <h2>Runs and changes</h2>
        <div class="chips">
          {filters.map(([name, label]) => (
            <a
              key={name}
              class={`chip ${show === name ? "on" : ""}`}
              aria-current={show === name ? "true" : undefined}
              href={addressOf(["connectors", id], { show: name === "all" ? null : name })}
            >
              {label}
            </a>
          ))}
        </div>
      </div>
      {days.length === 0 ? <p class="soft">Nothing of this yet.</p> : <Days days={days} active={active} />}
      {mayHaveMore && (
        <button type="button" class="btn quiet" onClick={() => attempt(more, null)}>
          Older runs
        </button>
      )}
    </section>
  );
}

function Days({
  days,
  active,
}: {
  days: readonly (readonly [string, readonly Moment[]])[];
  active: ActiveRun | null;
}) {
  return (
    <>
      {days.map(([key, moments]) => (
        <div key={key} class="stack">
          <h3>{day(moments[0]?.at ?? key, now.value)}</h3>
          <ol class="tl">
            {moments.map((each) => (
              <li key={each.key}>
                <time dateTime={each.at}>{timeOfDay(each.at)}</time>
                {each.kind === "run" ? (
                  <RunLine run={each.run} active={active} />
                ) : (
                  <ChangeLine change={each.change} />
                )}
              </li>
            ))}
          </ol>
        </div>
      ))}
    </>
  );
}

/** The record of a run under way is written now and then; its progress is of now. */
function RunLine({ run, active }: { run: Run; active: ActiveRun | null }) {
  const { tone, icon, word } = runState(run);
  const [error] = run.errors;
  const until = run.endedAt === null ? now.value : Date.parse(run.endedAt);
  return (
    <>
      <span class={`dot ${tone}`}>
        <Icon name={icon} />
      </span>
      <div>
        <p>
          <a href={addressOf(["runs", run.runId])}>
            <b>Run</b> {triggerText(run)}
          </a>
          : {word.toLowerCase()}, {active?.runId === run.runId ? settledText(active) : runText(run)}
        </p>
        {error && (
          <p class="sub">
            <code>{error.code}</code> <Words text={error.message} />
          </p>
        )}
      </div>
      <span class="out">
        {duration(until - Date.parse(run.startedAt))}
        {run.endedAt === null && " so far"}
      </span>
    </>
  );
}

function ChangeLine({ change }: { change: Change }) {
  return (
    <>
      <span class="dot change">
        <Icon name="edit" />
      </span>
      <div>
        <p>
          <b>{change.actor.name ?? change.actor.id ?? change.actor.kind}</b> {changeText(change)}
        </p>
      </div>
    </>
  );
}
