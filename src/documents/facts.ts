import type { Memory } from "../domain/memory.ts";
import { type MemoryFacts, noFacts } from "../domain/memory-facts.ts";

/** A memory that nobody has looked into has the empty facts. */
export function factsOf(memory: Memory): MemoryFacts {
  return memory.facts ?? noFacts;
}

/** The memory with these facts beside those that it has. */
export function withFacts(memory: Memory, facts: Partial<MemoryFacts>): Memory {
  return { ...memory, facts: { ...factsOf(memory), ...facts } };
}
