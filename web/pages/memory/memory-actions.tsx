import { useSignal } from "@preact/signals";
import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import type { Memory } from "../../memories/memory-row.tsx";
import { Plan } from "../../parts/plan.tsx";
import { attempt } from "../../shell/toasts.tsx";
import { ForgetPlan } from "./forget-plan.tsx";

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

type Action = keyof typeof plans | "forget";

/** What each asks the service for. */
const endpoints = { replay: plans.replay.act, drop: plans.drop.act, forget: api.eraseMemory } as const;

/** What an admin may do about a memory; each has its plan first. */
export function MemoryActions({ memory, reload }: { memory: Memory; reload: () => void }) {
  const open = useSignal<Action | null>(null);
  const close = () => {
    open.value = null;
  };
  const done = () => {
    close();
    reload();
  };
  const offered = actionsFor(memory).filter(([action]) => may(endpoints[action]));
  if (offered.length === 0) return null;
  const asked = open.value;
  return (
    <>
      <div class="acts">
        {offered.map(([action, label]) => (
          <button
            key={action}
            type="button"
            class={`btn ${action === "replay" ? "" : "danger"}`}
            onClick={() => {
              open.value = action;
            }}
          >
            {label}
          </button>
        ))}
      </div>
      {asked === "forget" && <ForgetPlan memory={memory} done={done} close={close} />}
      {asked !== null && asked !== "forget" && (
        <DeadLetterPlan key={asked} memory={memory} action={asked} done={done} close={close} />
      )}
    </>
  );
}

function actionsFor({ status, skipReason }: Memory): (readonly [Action, string])[] {
  const ofDead = (["replay", "drop"] as const).map((name) => [name, plans[name].label] as const);
  return [
    ...(status === "dead" ? ofDead : []),
    ...(skipReason === "erased" ? [] : ([["forget", "Forget…"]] as const)),
  ];
}

interface DeadLetterPlanProps {
  memory: Memory;
  action: keyof typeof plans;
  done: () => void;
  close: () => void;
}

function DeadLetterPlan({ memory, action, done, close }: DeadLetterPlanProps) {
  const { title, does, action: button, act, done: told } = plans[action];
  const { connectorId, contextId, memoryId } = memory;
  return (
    <Plan
      title={title}
      facts={[["Sent again", does]]}
      action={button}
      isDangerous={action === "drop"}
      act={async () => {
        if (await attempt(() => act({ connectorId, contextId, memoryId }), told)) done();
      }}
      close={close}
    />
  );
}
