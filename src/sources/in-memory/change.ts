import type { MalformedMemory, Memory } from "../../domain/memory.ts";
import type { ListScope, MemoryPage, PendingMemory } from "../memory-source.ts";

/** The last that happened to an item. */
export interface Change {
  /** Counts all changes of a source. */
  number: number;
  what:
    | { kind: "memory"; memory: Memory }
    | { kind: "malformed"; item: MalformedMemory }
    | { kind: "pending"; pending: PendingMemory }
    | { kind: "deleted"; id: string };
}

/** Changes as a page of a listing. Only memories have times by which they are left out. */
export function pageOf(changes: readonly Change[], scope: ListScope): MemoryPage {
  const whats = changes.map(({ what }) => what);
  return {
    memories: whats.flatMap((what) =>
      what.kind === "memory" && isInScope(what.memory, scope) ? what.memory : [],
    ),
    malformed: whats.flatMap((what) => (what.kind === "malformed" ? what.item : [])),
    pending: whats.flatMap((what) => (what.kind === "pending" ? what.pending : [])),
    deleted: whats.flatMap((what) => (what.kind === "deleted" ? what.id : [])),
    truncated: null,
  };
}

function isInScope({ createdAt }: Memory, scope: ListScope): boolean {
  if (scope.kind !== "events") return true;
  return Date.parse(createdAt) >= scope.since;
}
