import { Icon } from "../parts/icon.tsx";
import { duration } from "../words/time.ts";
import type { Run } from "./connector.ts";

const phases = [
  ["connect", "Connect"],
  ["reconcile", "Reconcile"],
  ["discover", "Discover"],
  ["deliver", "Deliver"],
] as const satisfies readonly (readonly [keyof Run["phasesMs"], string])[];

interface PhasesProps {
  phasesMs: Run["phasesMs"] | null;
  /** The one under way; null for none. */
  now: keyof Run["phasesMs"] | null;
}

/** The four phases of a run, in their order. */
export function Phases(props: PhasesProps) {
  return (
    <ol class="phases" aria-label="Phases">
      {phases.map(([phase, label]) => {
        const { icon, tone, text } = standing[standingOf(phase, props)];
        const took = props.phasesMs?.[phase] ?? 0;
        return (
          <li
            key={phase}
            class={phase === props.now ? "now" : ""}
            aria-current={phase === props.now ? "step" : undefined}
          >
            <b>
              <Icon name={icon} class={tone} />
              {label}
            </b>
            {took > 0 && phase !== props.now ? duration(took) : text}
          </li>
        );
      })}
    </ol>
  );
}

const standing = {
  done: { icon: "ok", tone: "ok", text: "done" },
  now: { icon: "move", tone: "move", text: "under way" },
  never: { icon: "never", tone: "rest", text: "not reached" },
} as const;

function standingOf(phase: keyof Run["phasesMs"], { phasesMs, now }: PhasesProps): keyof typeof standing {
  if (phase === now) return "now";
  const order = phases.map(([name]) => name);
  const isDone = now === null ? (phasesMs?.[phase] ?? 0) > 0 : order.indexOf(phase) < order.indexOf(now);
  return isDone ? "done" : "never";
}
