import type { Memory } from "../../domain/memory.ts";
import { groupFileSourceOf } from "../file-source.ts";
import { identified, shownId } from "../identity-line.ts";
import type { TransformationStrategy } from "../transformation-strategy.ts";
import { oldestFirst } from "./note-group.ts";

/** The document of a group of notes. */
export interface GroupDocument {
  fileSource: string;
  text: string;
  /** SHA-256, hex, of the text: it changes when a member comes, goes or changes, and only then. */
  contentHash: string;
}

/**
 * Writes the notes of one group as one document: each as the strategy writes it, under a line with its id, oldest first. The
 * same members give the same bytes, in whatever order they are given. `members` must not be empty.
 */
export function groupDocument(
  contextId: string,
  groupKey: string,
  members: readonly Memory[],
  strategy: TransformationStrategy,
): GroupDocument {
  const body = oldestFirst(members)
    .map((memory) => `Memory ${shownId(memory.id)}\n${strategy.transform(memory)}`)
    .join("\n\n");
  return {
    fileSource: groupFileSourceOf(contextId, groupKey),
    ...identified(`Memories of ${groupKey.replace("~", ", ")} of ${shownId(contextId)}`, body),
  };
}
