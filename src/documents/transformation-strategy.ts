import type { Memory } from "../domain/memory.ts";

/**
 * One way of writing a memory down. Contract:
 * - Deterministic: the same memory and options give the same bytes, on any machine, in any time zone and locale.
 * - No I/O and no clock of its own; what a strategy needs from outside is handed to its factory.
 * - Never throws for a valid `Memory`.
 * - The text is header and content. The line that identifies the memory is put before it by `MemoryTransformer`.
 */
export interface TransformationStrategy {
  readonly name: string;
  transform(memory: Memory): string;
}
