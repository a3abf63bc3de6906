import type { Memory } from "../memory/memory.ts";

/** A memory turned into text, or the reason why it is not worth a document. */
export type Transformed = { kind: "document"; text: string } | { kind: "skip"; reason: SkipReason };

/** Reasons are public: they are stored in the ledger and counted in reports. */
export type SkipReason = "empty_transcript";

/**
 * One way of writing a memory down. Contract:
 * - Deterministic: the same memory and options give the same bytes, on any machine, in any time zone and locale.
 * - No I/O and no clock of its own; what a strategy needs from outside is handed to its factory.
 * - Never throws for a valid `Memory`.
 */
export interface TransformationStrategy {
  readonly name: string;
  transform(memory: Memory): Transformed;
}
