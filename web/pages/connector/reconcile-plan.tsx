import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { BusyButton } from "../../parts/busy-button.tsx";
import { Plan } from "../../parts/plan.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import { attempt } from "../../shell/toasts.tsx";
import { now } from "../../words/now.ts";
import { count, counted } from "../../words/numbers.ts";
import { moment } from "../../words/time.ts";
import { driftFacts, repairable } from "./drift.ts";
import type { PlanProps } from "./plan-props.ts";

/** What a comparison of ledger, source and LightRAG has found, before anything of it is repaired. */
export function ReconcilePlan({ status, close, done }: PlanProps) {
  const connectorId = status.id;
  const found = useAnswer(
    (signal) => api.getReconciliation({ connectorId }, { signal }),
    [connectorId],
    (event) => event.connectorId === connectorId && event.type.startsWith("drift:"),
  );
  const answer = found.value.value;
  const report = answer?.report ?? null;
  const isComparing = answer?.latest?.outcome === "running";
  const differences = report === null ? 0 : repairable(report.drift);
  const compare = () =>
    attempt(() => api.requestReconciliation({ connectorId }), "The comparison has begun.").then(() =>
      found.reload(),
    );
  const repair = async () => {
    if (
      await attempt(() => api.requestReconciliation({ connectorId, repair: true }), "The repair has begun.")
    )
      done();
  };
  const failure = answer?.latest?.error ?? null;
  return (
    <Plan
      title={`Plan: reconcile ${connectorId}`}
      facts={answer === null ? null : report === null ? [] : driftFacts(report)}
      note={noteOf(report?.endedAt ?? null, isComparing)}
      action={differences === 0 || isComparing ? null : `Repair ${counted(differences, "difference")}`}
      act={repair}
      close={close}
    >
      {found.problem.value && <Trouble problem={found.problem.value} retry={found.reload} />}
      {failure && !isComparing && (
        <p class="soft">
          The last comparison failed: {failure.message} (<code>{failure.code}</code>).
        </p>
      )}
      {report && <p>{verdict(differences, report.documents)}</p>}
      <div class="acts">
        <BusyButton isBusy={isComparing} onClick={compare}>
          {isComparing ? "Comparing…" : "Compare now"}
        </BusyButton>
      </div>
    </Plan>
  );
}

function verdict(differences: number, documents: number): string {
  if (differences === 0) return `Ledger, source and LightRAG agree about ${counted(documents, "document")}.`;
  return `${counted(differences, "difference")} among ${count(documents)} documents can be repaired.`;
}

function noteOf(endedAt: string | null, isComparing: boolean): string {
  if (isComparing)
    return "All three are read to their ends, which takes longer than a run. Nothing is changed.";
  if (endedAt === null)
    return "They were never compared. A comparison reads all three to their ends and changes nothing.";
  return `Compared ${moment(endedAt, now.value)}. Nothing has been changed.`;
}
