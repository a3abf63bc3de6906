import { api } from "../../api/endpoints.ts";
import { useAnswerOnce } from "../../api/use-answer.ts";
import { Plan } from "../../parts/plan.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import { attempt } from "../../shell/toasts.tsx";
import { count, counted } from "../../words/numbers.ts";

type Left = Awaited<ReturnType<typeof api.triggerAll>>["left"];

const reasons: readonly (readonly [Left[number]["reason"], string])[] = [
  ["at_work", "at work"],
  ["paused", "paused"],
  ["disabled", "switched off"],
];

/** Which connectors would run, and which are left alone and why. */
export function RunAllPlan({ close }: { close: () => void }) {
  const plan = useAnswerOnce((signal) => api.triggerAll({ dryRun: true }, { signal }), []);
  const known = plan.value.value;
  const failed = plan.problem.value;
  const act = async () => {
    if (await attempt(() => api.triggerAll({}), "All that could run are asked to.")) close();
  };
  const runs = known?.runs.length ?? 0;
  return (
    <Plan
      title="Plan: run all connectors now"
      facts={
        known === null
          ? failed && []
          : [
              ["Would run", counted(runs, "connector")],
              ["Side by side", `${count(known.sideBySide)} at most`],
              ["Left alone", leftText(known.left)],
            ]
      }
      note="What their sources have is not known before; each run reads its own. Budgets and guards hold as in any run."
      action={runs === 0 ? null : `Run ${counted(runs, "connector")}`}
      act={act}
      close={close}
    >
      {failed && <Trouble problem={failed} retry={() => void plan.reload()} />}
    </Plan>
  );
}

/** `2 paused, 1 at work` */
function leftText(left: Left): string {
  const parts = reasons.flatMap(([reason, word]) => {
    const number = left.filter((each) => each.reason === reason).length;
    return number === 0 ? [] : [`${count(number)} ${word}`];
  });
  return parts.length === 0 ? "none" : parts.join(", ");
}
