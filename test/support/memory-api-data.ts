import { readFileSync } from "node:fs";

/** An item as the Memory API sends it; everything else is sent as it is. */
export interface ApiMemory {
  id: string;
  created_at: string;
  [field: string]: unknown;
}

export interface ContextFile {
  contextId: string;
  memories: ApiMemory[];
}

/** Reads `{context_id, memories}` from a JSON file. */
export function loadContextFile(path: string): ContextFile {
  const { context_id: contextId, memories } = JSON.parse(readFileSync(path, "utf8"));
  return { contextId, memories };
}

/** Memories with ids `m0`, `m1`, … one minute apart, the first one the newest. */
export function makeApiMemories(count: number, newest = Date.UTC(2026, 0, 1)): ApiMemory[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `m${index}`,
    type: "note",
    audio: false,
    image: false,
    transcript: `This is memory number ${index}.`,
    location_lat: 41.9,
    location_lon: 12.5,
    created_at: new Date(newest - index * 60_000).toISOString(),
  }));
}
