import type { Memory } from "../domain/memory.ts";
import { deferMalformed } from "./json-list/defer-malformed.ts";
import type { MemoryPage } from "./memory-source.ts";

/**
 * Makes a listing of pages that overlap: each memory once, in the form that came first; malformed items at the end, without those of
 * which a good form was shown. One answer that has a memory twice with different contents is ambiguous about it; two answers differ
 * because the memory has changed.
 */
export function eachOnce(pages: AsyncIterable<MemoryPage>): AsyncIterable<MemoryPage> {
  return deferMalformed(withoutRepeats(pages), () => null);
}

async function* withoutRepeats(pages: AsyncIterable<MemoryPage>): AsyncGenerator<MemoryPage> {
  const shown = new Set<string>();
  for await (const page of pages) {
    const { memories, ambiguous } = latestForms(page.memories.filter(({ id }) => !shown.has(id)));
    for (const { id } of memories) shown.add(id);
    yield { ...page, memories, ...(ambiguous.length > 0 && { ambiguous }) };
  }
}

/** Of each memory the form that was updated last, or else the last one. */
function latestForms(memories: readonly Memory[]): { memories: Memory[]; ambiguous: string[] } {
  const forms = new Map<string, Memory>();
  const ambiguous = new Set<string>();
  for (const memory of memories) {
    const other = forms.get(memory.id);
    if (other !== undefined && JSON.stringify(other) !== JSON.stringify(memory)) ambiguous.add(memory.id);
    if (other === undefined || (memory.updatedAt ?? "") >= (other.updatedAt ?? ""))
      forms.set(memory.id, memory);
  }
  return { memories: [...forms.values()], ambiguous: [...ambiguous] };
}
