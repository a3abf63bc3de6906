import type { NotDelivered } from "../domain/run-record.ts";
import { printable } from "../kernel/util/terminal-text.ts";

/** A line for each memory that was named and is not delivered, and one with what to do. */
export function notDeliveredLines(memories: readonly NotDelivered[]): string[] {
  return memories.flatMap(({ memoryId, message, hint }) => [
    `  ${printable(memoryId)} is not delivered: ${printable(message)}`,
    `    · ${printable(hint)}`,
  ]);
}
