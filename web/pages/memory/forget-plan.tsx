import { api } from "../../api/endpoints.ts";
import { useAnswerOnce } from "../../api/use-answer.ts";
import type { Memory } from "../../memories/memory-row.tsx";
import { Plan } from "../../parts/plan.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import { attempt } from "../../shell/toasts.tsx";
import { counted } from "../../words/numbers.ts";

/** It is removed wherever connectors of the same source have it: anything less would bring it back. */
export function ForgetPlan({
  memory: { connectorId, contextId, memoryId },
  done,
  close,
}: {
  memory: Memory;
  done: () => void;
  close: () => void;
}) {
  const asked = { connectorId, contextId, memoryId, everywhere: true };
  const preview = useAnswerOnce((signal) => api.eraseMemory({ ...asked, dryRun: true }, { signal }), []);
  const plan = preview.value.value;
  const places = counted(plan?.places.length ?? 0, "connector");
  const act = async () => {
    if (await attempt(() => api.eraseMemory(asked), `${memoryId} is forgotten at ${places}.`)) done();
  };
  const facts = plan?.places.map((each) => [`${each.connectorId}, ${each.contextId}`, each.sink] as const);
  return (
    <Plan
      title={`Plan: forget ${memoryId}`}
      facts={facts ?? null}
      note="Its document, chunks and cached answers leave LightRAG, its words leave the ledger, and no run takes it up again. Nothing has been changed yet."
      action={plan === null || plan.places.length === 0 ? null : `Forget it at ${places}`}
      isDangerous
      act={act}
      close={close}
    >
      {preview.problem.value && <Trouble problem={preview.problem.value} retry={preview.reload} />}
    </Plan>
  );
}
