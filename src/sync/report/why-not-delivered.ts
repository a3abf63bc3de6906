import { isErased } from "../../domain/ledger.ts";
import type { LedgerKey, LedgerRow } from "../../domain/ledger-row.ts";
import type { MalformedMemory } from "../../domain/memory.ts";
import type { NotDelivered } from "../../domain/run-record.ts";
import { remedyOf } from "../../kernel/errors/connector-error.ts";
import { readableDuration } from "../../kernel/util/readable.ts";
import { shellWord } from "../../kernel/util/terminal-text.ts";

/** Why LightRAG does not hold a memory, and what to do about it; for people. */
export type Why = Pick<NotDelivered, "reason" | "message" | "hint">;

/**
 * Why LightRAG does not hold the text of the row; null when it does. A note of a group is in the group's document, whose row has
 * the reason. `now` in milliseconds since the epoch.
 */
export function whyNotDelivered(row: LedgerRow, now: number): Why | null {
  if (isErased(row)) return erased(row);
  switch (row.status) {
    case "processed":
      return null;
    case "skipped":
      return row.skipReason === "merged" ? null : whySkipped(row);
    case "dead":
      return deadLetter(row);
    case "failed":
      return failed(row, now);
    case "submitting":
    case "submitted":
      return {
        reason: "unproved",
        message: "LightRAG has taken it, and its records do not prove it yet",
        hint: nextSync(row),
      };
    case "deleting":
      return { reason: "waiting", message: "its old document is still to be removed", hint: nextSync(row) };
    case "deleted":
      return {
        reason: "deleted",
        message: "it was deleted at the source",
        hint: "it comes back when the source shows it again",
      };
    case "discovered":
    case "pending":
      return { reason: "waiting", message: "it waits for its turn in a later run", hint: nextSync(row) };
  }
}

export function erased({ connectorId, memoryId }: Pick<LedgerKey, "connectorId" | "memoryId">): Why {
  return {
    reason: "erased",
    message: "it was erased, and is never taken up again",
    hint: `if it shall come back: \`memory-connector erase --undo --memory ${shellWord(memoryId)} --connector-id ${shellWord(connectorId)}\``,
  };
}

/** The hint for retrying media of these memories before their wait is over. */
export function tryMediaNow({ connectorId }: Pick<LedgerKey, "connectorId">, ids: readonly string[]): string {
  const named = ids.map(shellWord).join(" ");
  return `\`memory-connector sync --connector-id ${shellWord(connectorId)} --force --ids ${named}\` tries at once`;
}

function whySkipped(row: LedgerRow): Why {
  if (row.skipReason !== "dropped") return skipped(row, row.skipReason);
  const message = "its dead letter was dropped";
  return { reason: "skipped", message, hint: "it is taken up again when the source shows it changed" };
}

/** `reason` as the ledger has it. */
export function skipped(
  key: Pick<LedgerKey, "connectorId" | "memoryId">,
  reason: LedgerRow["skipReason"],
): Why {
  if (reason === "pending_media") {
    const message = "it waits for its audio or picture, which could not be read yet";
    return { reason: "waiting_for_media", message, hint: tryMediaNow(key, [key.memoryId]) };
  }
  if (reason === "not_chosen") {
    const message = "the connector does not carry it: it does not fit `ingestion.filter`";
    return { reason: "skipped", message, hint: "it is sent when it or the filter changes so that it fits" };
  }
  if (reason === "id_redacted") {
    const message =
      "words of its id are taken out by `ingestion.redact`, and its source shows it under another id";
    return { reason: "skipped", message, hint: "the next list of everything delivers it under that id" };
  }
  if (reason !== "empty_transcript") {
    return {
      reason: "skipped",
      message: `it is skipped: ${reason ?? "nobody wrote down why"}`,
      hint: nextSync(key),
    };
  }
  return {
    reason: "waiting_for_transcript",
    message: "it waits for its transcript: the source shows none",
    hint: "it is sent when the source shows one; `ingestion.skip_empty_transcripts: false` sends it as it is",
  };
}

function deadLetter({ connectorId, memoryId, error, payload }: LedgerRow): Why {
  const replay = `\`memory-connector dead-letters replay --connector-id ${shellWord(connectorId)} --ids ${shellWord(memoryId)}\``;
  const next = payload === null ? "it is taken up again when its source mends it" : `then: ${replay}`;
  const message = `it is a dead letter: ${error?.message ?? "nobody wrote down why"}`;
  return { reason: "dead_letter", message, hint: error === null ? next : `${error.hint}; ${next}` };
}

/** For an item of the source that is malformed. */
export function broken({ code = "MEMORY_MALFORMED", problems }: MalformedMemory): Why {
  const what = code === "MEMORY_ID_TAKEN" ? "" : "what the source shows of it is not a memory: ";
  return { reason: "dead_letter", message: what + problems.join("; "), hint: remedyOf(code).command };
}

function failed({ connectorId, error, nextAttemptAt }: LedgerRow, now: number): Why {
  const again =
    nextAttemptAt !== null && nextAttemptAt > now ? ` in ${readableDuration(nextAttemptAt - now)}` : "";
  const message = `its last delivery failed: ${error?.message ?? "nobody wrote down why"}`;
  return { reason: "failed", message, hint: `${nextSync({ connectorId })} tries again${again}` };
}

function nextSync({ connectorId }: Pick<LedgerKey, "connectorId">): string {
  return `\`memory-connector sync --connector-id ${shellWord(connectorId)}\``;
}
