import type { Signal } from "@preact/signals";
import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import type { ConnectorStatus } from "../../connectors/connector.ts";
import { Icon } from "../../parts/icon.tsx";
import { BackfillPlan } from "./backfill-plan.tsx";
import { ReconcilePlan } from "./reconcile-plan.tsx";
import { RunPlanPanel } from "./run-plan.tsx";
import { CancelPlan, PausePlan } from "./stop-plans.tsx";

/** What is about to be done; its plan is open. */
export type Acting = "run" | "backfill" | "reconcile" | "pause" | "cancel";

interface ActionsProps {
  status: ConnectorStatus;
  acting: Signal<Acting | null>;
}

/** What each asks the service for, at last. */
const endpoints = {
  run: api.triggerRun,
  backfill: api.requestBackfill,
  reconcile: api.requestReconciliation,
  pause: api.pauseConnector,
  cancel: api.cancelRun,
} as const satisfies Record<Acting, unknown>;

/** Each opens its plan first. Who may not do it does not see it. */
export function Actions({ status, acting }: ActionsProps) {
  if (!status.enabled) return null;
  const isPaused = status.schedule.pausedAt !== null;
  const open = (what: Acting) => ({
    "aria-expanded": acting.value === what,
    onClick: () => {
      acting.value = acting.value === what ? null : what;
    },
  });
  return (
    <>
      {status.activeRun === null && may(endpoints.run) && (
        <button type="button" class="btn main" {...open("run")}>
          <Icon name="play" /> Run now…
        </button>
      )}
      {may(endpoints.pause) && (
        <button type="button" class="btn" {...open("pause")}>
          <Icon name={isPaused ? "play" : "pause"} /> {isPaused ? "Resume…" : "Pause…"}
        </button>
      )}
      {may(endpoints.backfill) && (
        <button type="button" class="btn" {...open("backfill")}>
          Backfill…
        </button>
      )}
      {may(endpoints.reconcile) && (
        <button type="button" class="btn" {...open("reconcile")}>
          Reconcile…
        </button>
      )}
      {status.activeRun !== null && may(endpoints.cancel) && (
        <button type="button" class="btn danger" {...open("cancel")}>
          <Icon name="cancelled" /> Cancel run…
        </button>
      )}
    </>
  );
}

/** The plan of what is about to be done. */
export function OpenPlan({ acting, status, reload }: ActionsProps & { reload: () => Promise<void> }) {
  const close = () => {
    acting.value = null;
  };
  /** After something was done: what the page shows is of before. */
  const done = () => {
    close();
    void reload();
  };
  const props = { status, close, done };
  if (acting.value === null || !may(endpoints[acting.value])) return null;
  switch (acting.value) {
    case "run":
      return <RunPlanPanel {...props} />;
    case "backfill":
      return <BackfillPlan {...props} />;
    case "reconcile":
      return <ReconcilePlan {...props} />;
    case "pause":
      return <PausePlan {...props} />;
    case "cancel":
      return status.activeRun && <CancelPlan {...props} run={status.activeRun} />;
    default:
      return null;
  }
}
