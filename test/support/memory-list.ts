import type { MalformedMemory } from "../../src/domain/memory.ts";
import { noClues } from "../../src/sources/json-list/answer-clues.ts";
import type { MemoryList } from "../../src/sources/json-list/memory-list.ts";
import { memoryOf } from "./sync-harness.ts";

/** A broken item of a listing. */
export function malformedOf(fingerprint: string, id: string | null = null): MalformedMemory {
  return { id, problems: ["broken"], excerpt: "{", fingerprint };
}

/** An answer with memories of these ids. */
export function listOf(ids: readonly string[], change: Partial<MemoryList> = {}): MemoryList {
  return {
    memories: ids.map((id) => memoryOf(id)),
    malformed: [],
    deleted: [],
    keys: [...ids],
    received: ids.length,
    clues: noClues,
    around: {},
    link: null,
    ambiguous: [],
    doubt: null,
    isWhole: true,
    ...change,
  };
}
