import type { RunRecord } from "../domain/run-record.ts";
import type { RunWish } from "../domain/run-wish.ts";
import type { ScheduleState } from "./schedule-state.ts";

/** A run that was handed out, and that any process on the state may take. */
export interface SharedRun {
  runId: string;
  connectorId: string;
  trigger: RunRecord["trigger"];
  wish: RunWish;
  /** When it was handed out. Milliseconds since the epoch. */
  at: number;
}

/** A run that this process has taken, and holds until it ends it or gives it back. */
export interface TakenRun extends SharedRun {
  /** Names the taking: whoever took it before this can neither end it nor give it back. */
  claim: { id: string; retryCount: number };
  /** It was taken before, by a process that has died or has broken it off. */
  wasTaken: boolean;
}

/** What becomes of a connector whose due time has come: its next state, and the run that is handed out, if one is. */
export interface DuePlan {
  state: ScheduleState;
  run: SharedRun | null;
}

/**
 * Plans a due time by the stored state of its connector; null where another process has served it meanwhile. `isBusy`: the connector's last run has
 * not ended, so that none can be handed out. Pure but for new ids; called again with what the store says.
 */
export type PlanDue = (stored: ScheduleState, isBusy: boolean) => DuePlan | null;

/** Numbers over all processes. */
export interface SharedRunCounts {
  /** Handed out, and not taken yet. */
  queued: number;
  /** Taken, and not ended. */
  active: number;
  /** Connectors that a living process works on, a command or a service. */
  leased: number;
}

/**
 * The work of all processes on one state. A connector has at most one run here, queued or taken, whoever hands it out. A taken run of a process of which
 * nothing is heard is queued again, some times; then it is given up, so that a run that kills its process does not go round for ever.
 */
export interface SharedRuns {
  /** Takes part from here on, until the state is closed. The other calls follow it. */
  join(): Promise<void>;
  /**
   * Serves due times, each once over all processes: state and run are durable together. Some at a time, and none that another process plans at
   * this moment; resolves to those that were planned here.
   */
  handOut(connectorIds: readonly string[], plan: PlanDue): Promise<DuePlan[]>;
  /** Hands out a run that was asked for. False when the connector's last one has not ended. */
  add(run: SharedRun): Promise<boolean>;
  /** Takes the connector's queued run away, if it is `wanted`; null when it has none like that. */
  withdraw(connectorId: string, wanted: (run: SharedRun) => boolean): Promise<SharedRun | null>;
  /** All of them, queued or taken. */
  list(): Promise<SharedRun[]>;
  /** At most so many queued runs, the oldest first; none of these connectors. */
  take(limit: number, except?: readonly string[]): Promise<TakenRun[]>;
  /** The run is over: its connector may have another. */
  end(run: TakenRun): Promise<void>;
  /** Queues it again, for whichever process comes first. `hasBegun`: whoever takes it goes on with it. */
  giveBack(run: TakenRun, hasBegun: boolean): Promise<void>;
  counts(): Promise<SharedRunCounts>;
}
