import type { ErrorTable } from "../error-entry.ts";

/** Connectors and their schedules. */
export const connectorErrors = {
  SCHEDULE_INVALID: {
    reaction: "fix-input",
    meaning: "A cron expression or its time zone cannot be understood, or never comes due.",
    remedy: "correct schedule.cron or schedule.timezone of the connector",
  },
  SCHEDULER_STOPPED: {
    reaction: "retry",
    meaning: "A run was asked for while the service was starting or stopping.",
    remedy: "ask again when the service runs",
  },
  CONNECTOR_UNKNOWN: {
    reaction: "fix-input",
    meaning: "No connector has this id.",
    remedy: "`memory-connector list` shows the ids",
    requestRemedy: "the list of connectors shows the ids",
  },
  SCHEDULER_ELSEWHERE: {
    reaction: "retry",
    meaning: "This process serves the API only, and no process that schedules answered in time.",
    remedy: "see that a process with `--scheduler-only` runs on the same state, then ask again",
    requestRemedy: "see that a process that schedules runs on the same state, then ask again",
  },
  CONNECTOR_EXISTS: {
    reaction: "fix-input",
    meaning: "A connector was to be made under an id that another one has, in the configuration file or not.",
    remedy: "choose another id, or change the connector that is there",
  },
  CONNECTOR_READ_ONLY: {
    reaction: "fix-input",
    meaning: "A connector of the configuration file was to be changed or removed through the API.",
    remedy: "change the configuration file; the service takes it up by itself",
  },
  CONNECTOR_DISABLED: {
    reaction: "fix-input",
    meaning: "A run was asked for of a connector that is switched off.",
    remedy: "set `enabled: true` for it",
  },
  CONNECTOR_TAKES_NO_PUSH: {
    reaction: "fix-input",
    meaning: "Memories were sent to a connector that fetches its memories from elsewhere.",
    remedy: "send them to a connector with `source: { type: push }`",
  },
  PUSH_CONTEXT_UNCLEAR: {
    reaction: "fix-input",
    meaning:
      "Memories were sent to a connector with several contexts, and none was named; or one that it does not have.",
    remedy: "name one of its contexts: `--context CTX`",
    requestRemedy: "name one of its contexts: `?context_id=CTX`",
  },
  PUSH_TOO_MANY: {
    reaction: "fix-input",
    meaning: "More memories were sent at once than are taken. None of them was.",
    remedy: "send them in several parts",
  },
  CONNECTOR_LOCKED: {
    reaction: "stop-run",
    meaning: "Another run, or a command such as `erase`, is working on this connector.",
    remedy:
      "wait until it ends: `memory-connector status` shows how far a run is, `memory-connector cancel CONNECTOR` ends it",
    requestRemedy: "wait until it ends, or cancel it; the connector's status shows how far a run is",
  },
  CONNECTOR_LEASE_LOST: {
    reaction: "stop-run",
    meaning:
      "This process did not answer for so long that another one has taken over the connector. What it wanted to change was not changed.",
    remedy:
      "nothing is lost: the other process goes on where this one stopped; look at what stopped it (a suspended machine, no memory left, a way to the database that was broken)",
  },
} as const satisfies ErrorTable;
