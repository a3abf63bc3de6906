import type { LiveEvent } from "./live.ts";

/** The events that the page listens to: a stream names each. All that the service sends, which the type holds complete. */
const types: Record<LiveEvent["type"], true> = {
  missed: true,
  "run:start": true,
  "run:phase": true,
  "run:progress": true,
  "run:notice": true,
  "run:held": true,
  "run:budget-spent": true,
  "run:end": true,
  "drift:started": true,
  "drift:checked": true,
  "drift:failed": true,
  "item:failed": true,
  "item:dead": true,
  "schedule:skip": true,
  "schedule:run-failed": true,
  "schedule:change": true,
  "circuit:change": true,
  "alert:change": true,
};

export const liveTypes = Object.keys(types) as LiveEvent["type"][];
