import type { SkipReason } from "../../src/documents/memory-transformer.ts";
import type { DeleteReason } from "../../src/domain/ledger-row.ts";
import type { QueryRange } from "../../src/sync/query-range.ts";

/** Codes that the ledger keeps for reasons, and that people are not meant to read. */
const reasons: ReadonlyMap<string, string> = new Map<
  SkipReason | DeleteReason | "merged" | "dropped" | "erased",
  string
>([
  ["empty_transcript", "its source shows no transcript yet"],
  ["not_chosen", "it does not fit the connector's filter"],
  ["id_redacted", "its id held words that are taken out, and its source shows it under another one"],
  ["pending_media", "its audio or picture could not be read yet"],
  ["merged", "it stands in a document that it shares with other notes"],
  ["dropped", "its dead letter was dropped"],
  ["erased", "it was erased, and is never taken up again"],
  ["update", "its text has changed"],
  ["withdraw", "nothing of it is to stay"],
  ["propagate", "it was deleted at its source"],
  ["retry", "LightRAG failed with the old document"],
]);

/** A reason in words; what is a sentence already stays as it is. */
export function reasonText(reason: string): string {
  return reasons.get(reason) ?? (/^[a-z]+(?:_[a-z]+)+$/u.test(reason) ? reason.replaceAll("_", " ") : reason);
}

const ranges = {
  day: "the last day",
  week: "the last week",
  month: "the last month",
  all: "everything",
  auto: "everything",
} as const satisfies Record<QueryRange | "auto", string>;

/** What a connector reads of its source, `ingestion.query_range`, in the words of the command line. */
export const rangeText = (range: QueryRange | "auto"): string => ranges[range];

const units = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** `every 3600 s` is `every hour`, `cron 0 2 * * * Europe/Berlin` is `at 0 2 * * * (cron), Europe/Berlin`, and `manual` is `by hand alone`. */
export function scheduleText(schedule: string): string {
  if (schedule === "manual") return "by hand alone";
  const [, expression, zone] = /^cron (.+) (\S+)$/u.exec(schedule) ?? [];
  if (expression !== undefined) return `at ${expression} (cron), ${zone}`;
  const seconds = Number(/^every (\d+(?:\.\d+)?) s$/u.exec(schedule)?.[1]);
  if (Number.isNaN(seconds)) return schedule;
  const [unit, length] = units.find(([, each]) => seconds % each === 0) ?? ["second", 1];
  const times = seconds / length;
  return times === 1 ? `every ${unit}` : `every ${times} ${unit}s`;
}
