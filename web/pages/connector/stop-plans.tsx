import { useSignal } from "@preact/signals";
import { api } from "../../api/endpoints.ts";
import type { ActiveRun } from "../../connectors/connector.ts";
import { Plan } from "../../parts/plan.tsx";
import { attempt } from "../../shell/toasts.tsx";
import { now } from "../../words/now.ts";
import { count } from "../../words/numbers.ts";
import { scheduleText } from "../../words/reasons.ts";
import { duration, moment } from "../../words/time.ts";
import type { PlanProps } from "./plan-props.ts";

/** Of the operation. */
const longestNote = 300;

/** What a pause, or its end, means. */
export function PausePlan({ status, close, done }: PlanProps) {
  const { id: connectorId, schedule, activeRun } = status;
  const isPaused = schedule.pausedAt !== null;
  const reason = useSignal("");
  const pause = () => {
    const note = reason.value.trim();
    return api.pauseConnector({ connectorId, ...(note !== "" && { note }) });
  };
  const [verb, work, told] = isPaused
    ? (["Resume", () => api.resumeConnector({ connectorId }), "is resumed"] as const)
    : (["Pause", pause, "is paused"] as const);
  const act = async () => {
    if (await attempt(work, `${connectorId} ${told}.`)) done();
  };
  const next = schedule.nextRunAt === null ? "nothing" : moment(schedule.nextRunAt, now.value);
  const note = isPaused
    ? "Due times that passed during the pause are not made up for: the next run brings what has come."
    : `Nothing is due until it is resumed, over restarts too. ${activeRun ? "The run under way goes on." : "It can still be run by hand."}`;
  return (
    <Plan
      title={`Plan: ${verb.toLowerCase()} ${connectorId}`}
      facts={[
        ["Schedule", scheduleText(schedule.schedule)],
        ["Due next", next],
      ]}
      note={note}
      action={`${verb} ${connectorId}`}
      act={act}
      close={close}
    >
      {!isPaused && (
        <label>
          <span class="label">Why, for whoever looks at it; may be left out</span>
          <input
            class="input"
            maxLength={longestNote}
            value={reason.value}
            onInput={({ currentTarget }) => {
              reason.value = currentTarget.value;
            }}
          />
        </label>
      )}
    </Plan>
  );
}

/** What a cancelled run leaves. */
export function CancelPlan({ status, run, close, done }: PlanProps & { run: ActiveRun }) {
  const connectorId = status.id;
  const act = async () => {
    if (await attempt(() => api.cancelRun({ connectorId }), "The run ends at the next safe place.")) done();
  };
  const known = (value: number | null) => (value === null ? "not known yet" : count(value));
  return (
    <Plan
      title={`Plan: cancel run ${run.runId}`}
      facts={[
        ["Settled", known(run.done)],
        ["On their way", count(status.inFlight)],
        ["Left to a later run", known(run.left)],
        ["At work for", run.startedAt === null ? "not yet" : duration(now.value - Date.parse(run.startedAt))],
      ]}
      note="It stops at the next safe place. Nothing is lost: the next run goes on from there."
      action={run.left === null ? "Cancel the run" : `Cancel, and leave ${count(run.left)} for later`}
      isDangerous
      act={act}
      close={close}
    />
  );
}
