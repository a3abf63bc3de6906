import { counted } from "../words/numbers.ts";
import { exactly } from "../words/time.ts";

export interface StripRun {
  runId: string;
  startedAt: string;
  outcome: "running" | "success" | "partial" | "failed" | "cancelled" | "interrupted";
  /** Memories that it has brought. */
  brought: number;
  /** Dead letters that it has made. */
  dead: number;
  waited: boolean;
}

const gap = 7.1;
const base = 32;
const tallest = 24;

const words = {
  running: "running",
  success: "success",
  partial: "partly",
  failed: "failed",
  cancelled: "cancelled",
  interrupted: "interrupted",
};

/** `Last 30 runs, oldest first: 28 success, 1 running, 1 cancelled`; of one run `Last run: success` */
function lastText(runs: readonly StripRun[], order = ""): string {
  const [only, ...others] = runs;
  if (only !== undefined && others.length === 0) return `Last run: ${words[only.outcome]}`;
  return `Last ${counted(runs.length, "run")}${order}: ${stripText(runs)}`;
}

/** `28 success, 1 running, 1 cancelled` */
function stripText(runs: readonly Pick<StripRun, "outcome">[]): string {
  const groups = Map.groupBy(runs, ({ outcome }) => words[outcome]);
  return [...groups].map(([word, group]) => `${group.length} ${word}`).join(", ");
}

/** The last runs like a voice: height is memories, the shape on top the outcome. Oldest first. */
export function Strip({ runs }: { runs: readonly StripRun[] }) {
  if (runs.length === 0) return <span class="z small">no runs yet</span>;
  const most = Math.max(1, ...runs.map(({ brought }) => brought));
  const text = lastText(runs, ", oldest first");
  return (
    <>
      <svg class="strip" viewBox="0 0 213 34" preserveAspectRatio="none" role="img" aria-label={text}>
        {runs.map((run, index) => (
          <g key={run.runId} transform={`translate(${index * gap} 0)`}>
            <title>{`${exactly(run.startedAt)}: ${words[run.outcome]}, ${run.brought} proved`}</title>
            <Mark run={run} height={heightOf(run.brought, most)} />
          </g>
        ))}
      </svg>
      <p class="strip-note only-s">{lastText(runs)}</p>
    </>
  );
}

/** By its root, so that one large run leaves the others to be seen. */
function heightOf(brought: number, most: number): number {
  return brought === 0 ? 3 : 3 + Math.sqrt(brought / most) * (tallest - 3);
}

function Mark({ run, height }: { run: StripRun; height: number }) {
  const top = base - height;
  const bar = (tone: string) => <rect class={`f-${tone}`} y={top} width="5" height={height} rx="1" />;
  if (run.outcome === "running")
    return (
      <>
        <rect class="f-move pulse" y={top} width="5" height={height} rx="1" />
        <path class="f-move" d={`M0 ${top - 3}l5-2.500-5-2.500z`} />
      </>
    );
  if (run.outcome === "failed" || run.outcome === "interrupted")
    return (
      <>
        <path class="f-fail" d="M-.5 28h6L2.500 21z" />
        <rect class="f-fail" y="30" width="5" height="2" />
      </>
    );
  if (run.outcome === "cancelled")
    return (
      <>
        <rect class="f-rest" y="30" width="5" height="2" />
        <path class="s-ink" d="M.3 22l4.400 4.400m0-4.400-4.400 4.400" stroke-width="1.300" />
      </>
    );
  if (run.waited)
    return (
      <>
        {bar("ok")}
        <path class="s-wait" d={`M1.200 ${top - 2}v-6M3.800 ${top - 2}v-6`} stroke-width="1.400" />
      </>
    );
  return (
    <>
      {bar("ok")}
      {run.dead > 0 && <rect class="f-dead" y={top - 6} width="5" height="4.500" />}
    </>
  );
}
