import { useSignal } from "@preact/signals";
import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { Plan } from "../../parts/plan.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import { attempt } from "../../shell/toasts.tsx";
import { counted } from "../../words/numbers.ts";
import { budgetNote, planFacts } from "./plan-facts.ts";
import { PlanProblems } from "./plan-problems.tsx";
import type { PlanProps } from "./plan-props.ts";

/** What a run would send now. */
export function RunPlanPanel({ status, close, done }: PlanProps) {
  const connectorId = status.id;
  const isOfOlderForms = useSignal(false);
  const outdated = isOfOlderForms.value;
  const plan = useAnswer(
    (signal) => api.planRun({ connectorId, outdated }, { signal }),
    [connectorId, outdated],
  );
  const known = plan.value.value;
  const failed = plan.problem.value;
  const act = async () => {
    if (await attempt(() => api.triggerRun({ connectorId, outdated }), `${connectorId} runs.`)) done();
  };
  const label =
    known === null
      ? "Run all the same"
      : known.documents === 0
        ? "Run, and look again"
        : `Send ${counted(known.documents, "document")}`;
  return (
    <Plan
      title={`Plan: run ${connectorId} now`}
      facts={known === null ? (failed === null ? null : []) : planFacts(known)}
      note={known && budgetNote(known, status.budget)}
      action={label}
      act={act}
      close={close}
    >
      <label class="check">
        <input
          type="checkbox"
          checked={outdated}
          onChange={({ currentTarget }) => {
            isOfOlderForms.value = currentTarget.checked;
          }}
        />
        <span>Also documents that this version would write otherwise, as far as the day’s budget allows</span>
      </label>
      {failed && <Trouble problem={failed} retry={() => void plan.reload()} />}
      {known && <PlanProblems plan={known} />}
    </Plan>
  );
}
