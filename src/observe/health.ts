import type { CircuitSnapshot } from "../kernel/http/circuit-breaker.ts";
import type { Circuit } from "../kernel/http/circuits.ts";
import type { LastError } from "./last-error.ts";
import type { StateProblem } from "./state-probe.ts";

/**
 * `degraded`: the service works but needs attention: a circuit is open, or a changed configuration was refused. `down`: the service
 * does not work.
 */
export type HealthStatus = "ok" | "degraded" | "down";

export interface HealthParts {
  version: string;
  uptimeMs: number;
  /** Active runs. */
  activeJobs: number;
  /** The problem of the state store; null when there is none. */
  stateProblem: StateProblem | null;
  /** Whether the scheduler is ticking; null where another process schedules. */
  schedulerAlive: boolean | null;
  circuits: readonly Circuit[];
  /** Why the last configuration change was refused; null when it was not. */
  reloadProblem: string | null;
  lastError: LastError | null;
}

export interface PartHealth {
  status: HealthStatus;
  /** The problem or the state, for people. */
  message: string;
}

/** The response of health checks. The names are public and never renamed. */
export interface HealthReport {
  status: HealthStatus;
  version: string;
  uptime_seconds: number;
  active_jobs: number;
  /** Without the message, which may contain internals. */
  last_error: { code: string; at: string } | null;
  /** For authenticated callers. */
  details: { parts: Record<string, PartHealth>; last_error: LastError | null };
}

/** The service is as healthy as the worst of its parts. */
export function composeHealth(parts: HealthParts): HealthReport {
  const { version, uptimeMs, activeJobs, lastError } = parts;
  const health = {
    state_store: stateHealth(parts),
    scheduler: schedulerHealth(parts),
    configuration: configurationHealth(parts),
    ...Object.fromEntries(
      parts.circuits.map(({ service, server, snapshot }) => [
        `${service} ${server}`,
        circuitHealth(snapshot),
      ]),
    ),
  };
  return {
    status: worstOf(Object.values(health)),
    version,
    uptime_seconds: Math.floor(uptimeMs / 1000),
    active_jobs: activeJobs,
    last_error: lastError && { code: lastError.code, at: new Date(lastError.at).toISOString() },
    details: { parts: health, last_error: lastError },
  };
}

const fromBestToWorst: readonly HealthStatus[] = ["ok", "degraded", "down"];

function worstOf(parts: readonly PartHealth[]): HealthStatus {
  const ranks = parts.map(({ status }) => fromBestToWorst.indexOf(status));
  return fromBestToWorst[Math.max(...ranks)] ?? "ok";
}

function stateHealth({ stateProblem }: HealthParts): PartHealth {
  return stateProblem ?? { status: "ok", message: "answers" };
}

function schedulerHealth({ schedulerAlive }: HealthParts): PartHealth {
  if (schedulerAlive === null) return { status: "ok", message: "another process schedules" };
  return schedulerAlive
    ? { status: "ok", message: "serves due times" }
    : { status: "down", message: "serves no due times: it was stopped, or it is stuck" };
}

function configurationHealth({ reloadProblem }: HealthParts): PartHealth {
  return reloadProblem === null
    ? { status: "ok", message: "is in effect" }
    : {
        status: "degraded",
        message: `the last change was refused and the one before stays: ${reloadProblem}`,
      };
}

function circuitHealth({ state, until, lastError }: CircuitSnapshot): PartHealth {
  if (state === "closed") return { status: "ok", message: "no circuit is open" };
  const next = until === null ? "one request is trying it" : `next try ${new Date(until).toISOString()}`;
  return {
    status: "degraded",
    message: `failed too often and is left alone, ${next}; last: ${lastError ?? "unknown"}`,
  };
}
