import type { Memory } from "../domain/memory.ts";

/**
 * One way of writing a memory's document. Contract:
 * - Deterministic: the same memory and options give the same bytes, on any machine, in any time zone and locale.
 * - No I/O and no clock of its own; what a strategy needs from outside is passed to its factory.
 * - Never throws for a valid `Memory`.
 * - The text is header and content. `MemoryTransformer` prepends the line that identifies the memory.
 */
export interface TransformationStrategy {
  readonly name: string;
  transform(memory: Memory): string;
}
