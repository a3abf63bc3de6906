import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import type { ListedConnector, Standing } from "../../connectors/connector.ts";
import type { ConnectorState } from "../../connectors/connector-state.ts";
import { stripRuns } from "../../connectors/strip-runs.ts";
import { Bar } from "../../parts/bar.tsx";
import { Icon } from "../../parts/icon.tsx";
import { StateWord } from "../../parts/state.tsx";
import { Strip } from "../../parts/strip.tsx";
import { Words } from "../../parts/words.tsx";
import { addressOf } from "../../shell/router.ts";
import { attempt } from "../../shell/toasts.tsx";
import { now } from "../../words/now.ts";
import { count } from "../../words/numbers.ts";
import { scheduleText } from "../../words/reasons.ts";
import { dateText, duration, exactly, moment } from "../../words/time.ts";
import { dayIn } from "../../words/zone.ts";

/** Milliseconds. */
const mostAgeMs = 14 * 86_400_000;

/** One connector: state with its reason, last runs, and how far it is behind. */
export function ConnectorRow({
  connector: status,
  state,
}: {
  connector: ListedConnector;
  state: ConnectorState;
}) {
  const { id, runs } = status;
  // The strip is most of a row, and changes with the runs alone.
  const strip = useMemo(() => <Strip runs={stripRuns(runs)} />, [runs]);
  const edge = state.rank === "needs you" ? "loud" : state.rank === "waits" ? "hold" : "";
  return (
    <tr class={edge}>
      <td class="wide">
        <div class="who">
          <a class="name" href={addressOf(["connectors", id])}>
            {id}
          </a>
          <StateWord state={state} />
        </div>
        <p class="why">
          <span>
            <Words text={state.why} />
          </span>
        </p>
        <Progress status={status} />
        {may(api.resumeConnector) && <Remedy status={status} />}
      </td>
      <td class="wide">{strip}</td>
      <Cell label="Complete as of" class="o3">
        {status.completeAsOf === null ? (
          <span class="z">never</span>
        ) : (
          <time dateTime={status.completeAsOf} title={exactly(status.completeAsOf)}>
            {moment(status.completeAsOf, now.value)}
          </time>
        )}
      </Cell>
      <Cell label="Behind" class="o2">
        {behindText(status)}
      </Cell>
      <Cell label="In flight" class="o4">
        {status.inFlight > 0 ? (
          <a href={addressOf(["memories"], { connector: id, status: "submitted" })}>
            <Figure value={status.inFlight} />
          </a>
        ) : (
          <Figure value={0} />
        )}
      </Cell>
      <Cell label="Dead letters" class="o5">
        {state.forPerson > 0 ? (
          <a class="st dead" href={addressOf(["errors"], { connector: id })}>
            <Icon name="dead" />
            {count(state.forPerson)}
          </a>
        ) : (
          <Figure value={0} />
        )}
      </Cell>
      <Cell label="Next run">
        <NextRun status={status} />
      </Cell>
    </tr>
  );
}

function Cell({
  label,
  class: name = "",
  children,
}: {
  label: string;
  class?: string;
  children: ComponentChildren;
}) {
  return (
    <td class={`num ${name}`} data-l={label}>
      {children}
    </td>
  );
}

/** Zeros are pale. */
function Figure({ value }: { value: number }) {
  return <span class={value === 0 ? "z" : "b"}>{count(value)}</span>;
}

function behindText({
  id,
  memories,
  oldestUnfinishedAt,
  pausedAt,
  lastRun,
  completeAsOf,
  timezone,
}: ListedConnector): ComponentChildren {
  const unsettled = ["discovered", "pending", "failed", "submitting", "submitted", "deleting"];
  const behind = unsettled.reduce((total, name) => total + (memories[name] ?? 0), 0);
  if (behind === 0) {
    if (lastRun === null) return <span class="z">unknown until it ran</span>;
    if (completeAsOf === null) return <span class="z">unknown until it is listed</span>;
    return <span class="z">{pausedAt === null ? "nothing" : "unknown while paused"}</span>;
  }
  return (
    <>
      <a href={addressOf(["connectors", id])}>
        <b>{`${count(behind)} ${behind === 1 ? "memory waits" : "memories wait"}`}</b>
      </a>
      {oldestUnfinishedAt !== null && (
        <>
          <br />
          <span class="z small">oldest {ageText(oldestUnfinishedAt, now.value, timezone)}</span>
        </>
      )}
    </>
  );
}

/** A memory may be older than anybody counts in days: its day says more then. */
function ageText(at: string, now: number, zone: string): string {
  const age = now - Date.parse(at);
  return age > mostAgeMs ? `of ${dateText(dayIn(at, zone))}` : duration(age);
}

function NextRun({ status: { nextRunAt, pausedAt, schedule: rhythm } }: { status: Standing }) {
  const note = pausedAt === null ? scheduleText(rhythm) : "when resumed";
  return (
    <>
      <b>{nextRunAt === null ? "—" : moment(nextRunAt, now.value)}</b>
      <br />
      <span class="z small">{note}</span>
    </>
  );
}

function Progress({ status: { activeRun, memories, inFlight } }: { status: Standing }) {
  if (activeRun === null || activeRun.done === null || activeRun.left === null) return null;
  const { done, left } = activeRun;
  const shares = [
    { tone: "ok" as const, value: done },
    { tone: "move" as const, value: Math.min(inFlight, left) },
  ];
  const label = `${count(done)} of ${count(done + left)} settled, ${count(memories.submitted ?? 0)} on their way`;
  return <Bar class="mini" shares={shares} total={done + left} label={label} isProgress />;
}

/** The one thing that helps, where there is one. */
function Remedy({ status: { id, pausedAt, enabled } }: { status: Standing }) {
  if (!enabled || pausedAt === null) return null;
  const resume = () => attempt(() => api.resumeConnector({ connectorId: id }), `${id} is resumed.`);
  return (
    <div class="acts">
      <button type="button" class="btn sm" onClick={resume}>
        <Icon name="play" /> Resume <span class="vh">{id}</span>
      </button>
    </div>
  );
}
