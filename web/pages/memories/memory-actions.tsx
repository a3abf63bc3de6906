import { useSignal } from "@preact/signals";
import { api } from "../../api/endpoints.ts";
import { isAdmin } from "../../api/session.ts";
import type { Memory } from "../../memories/memory-row.tsx";
import { Plan } from "../../parts/plan.tsx";
import { attempt } from "../../shell/toasts.tsx";

const plans = {
  replay: {
    label: "Try again…",
    title: "Plan: try this memory again",
    action: "Replay 1 memory",
    done: "It is tried again in the next run.",
    does: "With the next run",
    act: api.replayDeadLetter,
  },
  drop: {
    label: "Give up…",
    title: "Plan: give this memory up",
    action: "Drop 1 memory",
    done: "It is given up until it changes.",
    does: "Never, until it changes at its source",
    act: api.dropDeadLetter,
  },
} as const;

/** What an admin may do about a memory that waits for a person. */
export function MemoryActions({ memory, reload }: { memory: Memory; reload: () => void }) {
  const open = useSignal<keyof typeof plans | null>(null);
  if (memory.status !== "dead" || !isAdmin()) return null;
  const { connectorId, contextId, memoryId } = memory;
  const plan = open.value && plans[open.value];
  const close = () => {
    open.value = null;
  };
  const act = async () => {
    if (plan && (await attempt(() => plan.act({ connectorId, contextId, memoryId }), plan.done))) {
      close();
      reload();
    }
  };
  if (plan)
    return (
      <Plan
        title={plan.title}
        facts={[["Sent again", plan.does]]}
        action={plan.action}
        isDangerous={open.value === "drop"}
        act={act}
        close={close}
      />
    );
  return (
    <div class="acts">
      {(["replay", "drop"] as const).map((name) => (
        <button
          key={name}
          type="button"
          class={`btn ${name === "drop" ? "danger" : ""}`}
          onClick={() => {
            open.value = name;
          }}
        >
          {plans[name].label}
        </button>
      ))}
    </div>
  );
}
