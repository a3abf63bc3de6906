import type { StepName } from "../../src/domain/history.ts";
import type { IconName } from "../parts/icon.tsx";

/** What happened to a memory, in words. */
export const stepWords = {
  seen: { says: "Seen at its source", icon: "never" },
  changed: { says: "Changed at its source", icon: "move" },
  listed_again: { says: "Sent once more, unchanged", icon: "move" },
  skipped: { says: "Left out", icon: "rest" },
  malformed: { says: "Cannot be read", icon: "dead" },
  submitted: { says: "Taken by LightRAG", icon: "move" },
  processed: { says: "Proved: LightRAG’s record holds it", icon: "ok" },
  adopted: { says: "Found in LightRAG, as it should be", icon: "move" },
  failed: { says: "Failed", icon: "wait" },
  dead: { says: "Given up, until a person decides", icon: "dead" },
  requeued: { says: "Put back: LightRAG does not have it", icon: "move" },
  contradicted: { says: "LightRAG holds something else", icon: "wait" },
  replacing: { says: "An old document has to go first", icon: "move" },
  removed: { says: "The old document is gone", icon: "move" },
  replayed: { says: "Tried again, as a person wanted", icon: "move" },
  dropped: { says: "Dropped by a person", icon: "rest" },
  withdrawn: { says: "No longer at its source", icon: "rest" },
  kept: { says: "No longer at its source; its document stays", icon: "rest" },
  erased: { says: "Erased by a person", icon: "rest" },
} as const satisfies Record<StepName, { says: string; icon: IconName }>;
