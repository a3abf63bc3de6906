import type * as z from "zod";
import { plural, readableCount, readableMoment } from "../kernel/util/readable.ts";
import { printable } from "../kernel/util/terminal-text.ts";
import type { changeDeadLetters } from "../operations/dead-letters/change-dead-letters.ts";
import type { deadMediumSchema, listDeadLetters } from "../operations/dead-letters/list-dead-letters.ts";
import type { ledgerEntrySchema } from "../operations/memories/ledger-entry.ts";
import { tryMediaNow } from "../sync/report/why-not-delivered.ts";
import { moreText } from "./in-pages.ts";
import { renderTable } from "./lay-out.ts";

type Row = z.output<typeof ledgerEntrySchema>;
type Medium = z.output<typeof deadMediumSchema>;

const whenever = (time: string | null) => readableMoment(time === null ? null : Date.parse(time));

export function deadLettersText(listed: z.output<typeof listDeadLetters.output>): string {
  const { deadLetters, deadMedia, waitingForMedia, next } = listed;
  const table = deadLetters.length === 0 ? "There are no dead letters." : deadLettersTable(deadLetters);
  return [table, ...moreText(next), ...mediaText(deadMedia), ...waitingText(waitingForMedia)].join("\n\n");
}

export function changeText(answer: z.output<typeof changeDeadLetters.output>): string {
  const { action, count, missed } = answer;
  const notHit = missed.map(({ code, message, hint }) => `${code}: ${message} · ${hint}`);
  const lines = answer.dryRun ? previewLines(answer) : [changedLine(action, count)];
  return [...lines, ...notHit].map(printable).join("\n");
}

/** A replay only marks them: whoever does not know waits for what never comes. */
function changedLine(action: "replay" | "drop", count: number): string {
  const letters = plural(count, "dead letter");
  if (action === "drop") return `${letters} dropped.`;
  return count === 0
    ? `${letters} replayed.`
    : `${letters} replayed: tried again by the next \`memory-connector sync\`, or run of the service.`;
}

type Change = z.output<typeof changeDeadLetters.output>;

function previewLines({ action, count, codes, connectors, cost, memoryIds }: Change): string[] {
  const done = action === "replay" ? "replayed" : "dropped";
  if (count === 0) return [`No dead letter would be ${done}.`];
  const rest = count - memoryIds.length;
  return [
    `${plural(count, "dead letter")} would be ${done}; nothing was changed.`,
    ...codes.map((each) => `  ${each.code}  ${each.count}`),
    ...(connectors.length > 1 ? connectors.map((each) => `  of ${each.connectorId}  ${each.count}`) : []),
    ...(cost === null ? [] : costLines(cost)),
    `  ${memoryIds.join(", ")}${rest > 0 ? `, and ${rest} more` : ""}`,
    `To do no more than that, run it again with --at-most ${count} instead of --dry-run.`,
  ];
}

function costLines({
  documents,
  characters,
  estimatedTokens,
  removals,
  unknown,
  budgets,
}: NonNullable<Change["cost"]>) {
  const text = `${plural(characters, "character")}, about ${plural(estimatedTokens, "token")}`;
  return [
    `  To be sent: ${plural(documents, "document")}, ${text}; what a model reads and writes about them besides is not known.`,
    ...(removals === 0 ? [] : [`  To be removed from LightRAG only: ${plural(removals, "document")}.`]),
    ...(unknown === 0
      ? []
      : [`  Not known before they are read again: the text of ${plural(unknown, "memory", "memories")}.`]),
    ...budgets.flatMap(budgetLines),
  ];
}

function budgetLines({
  connectorId,
  held,
  tooLarge,
}: NonNullable<Change["cost"]>["budgets"][number]): string[] {
  return [
    ...(held === 0
      ? []
      : [
          `  Today's budget of ${connectorId} has no room for ${readableCount(held)} of them: they wait for tomorrow.`,
        ]),
    ...(tooLarge === 0
      ? []
      : [
          `  The budget of ${connectorId} is too small for ${readableCount(tooLarge)} of them, on any day: they fail again.`,
        ]),
  ];
}

function mediaText(media: readonly Medium[]): string[] {
  if (media.length === 0) return [];
  const table = renderTable(
    ["CONNECTOR", "MEMORY", "MEDIUM", "SINCE", "TRIES", "CODE", "WHAT HAPPENED"],
    media.map(({ connectorId, memoryId, kind, lastAttemptAt, attempts, error }) => [
      connectorId,
      memoryId,
      kind,
      whenever(lastAttemptAt),
      String(attempts),
      error.code,
      error.message,
    ]),
  );
  return [
    `Audio and pictures that their model could not read; their memories are delivered without:\n${table}`,
  ];
}

function waitingText(rows: readonly Row[]): string[] {
  return [...Map.groupBy(rows, ({ connectorId }) => connectorId)].map(([connectorId, waiting]) => {
    const ids = waiting.map(({ memoryId }) => memoryId);
    const subject = ids.length === 1 ? "1 memory waits" : `${ids.length} memories wait`;
    return `${subject} for audio or a picture that could not be read yet · ${printable(tryMediaNow({ connectorId }, ids))}`;
  });
}

function deadLettersTable(rows: readonly Row[]): string {
  return renderTable(
    ["CONNECTOR", "MEMORY", "SINCE", "TRIES", "CODE", "WHAT HAPPENED"],
    rows.map((row) => [
      row.connectorId,
      row.memoryId,
      whenever(row.changedAt),
      String(row.attempts),
      row.error?.code ?? "-",
      row.error?.message ?? "-",
    ]),
  );
}

/** All that is known of a memory, a line each. */
export function memoryText(row: Row): string {
  const fields: [string, string][] = [
    ["Memory", row.memoryId],
    ["Context", row.contextId],
    ["Connector", row.connectorId],
    ["Status", row.status],
    ["Recorded", whenever(row.recordedAt)],
    ["First seen", whenever(row.firstSeenAt)],
    ["Last change", whenever(row.changedAt)],
    ["Document", `${row.fileSource}${row.documentId === null ? "" : ` (${row.documentId})`}`],
    ["Failed attempts", String(row.attempts)],
    ["Next attempt", whenever(row.nextAttemptAt)],
    ["Error", row.error === null ? "-" : `${row.error.code}: ${row.error.message}`],
    ["What to do", row.error?.hint ?? "-"],
  ];
  return fields.map(([label, value]) => `${label.padEnd(16)} ${printable(value)}`).join("\n");
}
