import { fileSourceOf, groupFileSourceOf, parseGroupFileSource } from "../../documents/file-source.ts";
import { isGroup } from "../../domain/ledger-row.ts";
import type { StateManager } from "../../state/state-manager.ts";

/** Ids of the notes in a merged document, by its name. */
export type NotesByDocument = ReadonlyMap<string, readonly string[]>;

/** Maps merged documents to their notes and back. Only the ledger has this mapping. */
export class GroupNotes {
  readonly #state: Pick<StateManager, "getGroup" | "getRows">;
  readonly #connectors: readonly { id: string; contextIds: readonly string[] }[];

  constructor(
    state: Pick<StateManager, "getGroup" | "getRows">,
    connectors: readonly { id: string; contextIds: readonly string[] }[],
  ) {
    this.#state = state;
    this.#connectors = connectors;
  }

  /** Other documents, and groups unknown to every connector, are omitted. */
  async notesIn(fileSources: Iterable<string>): Promise<NotesByDocument> {
    const entries = Array.from(
      new Set(fileSources),
      async (name) => [name, await this.#notesOf(name)] as const,
    );
    return new Map((await Promise.all(entries)).filter(([, notes]) => notes.length > 0));
  }

  /** The name of the document with a memory: its own, or that of its group. */
  async documentOf(contextId: string, memoryId: string): Promise<string> {
    for (const { id } of this.#readersOf(contextId)) {
      const row = (await this.#state.getRows({ connectorId: id, contextId }, [memoryId])).get(memoryId);
      if (row?.groupKey != null) return groupFileSourceOf(contextId, row.groupKey);
    }
    return fileSourceOf(contextId, memoryId);
  }

  async #notesOf(fileSource: string): Promise<string[]> {
    const group = parseGroupFileSource(fileSource);
    if (group === null) return [];
    const { contextId, groupKey } = group;
    const scopes = this.#readersOf(contextId).map(({ id }) => ({ connectorId: id, contextId }));
    const rows = await Promise.all(scopes.map((scope) => this.#state.getGroup(scope, groupKey)));
    return rows.flat().flatMap((row) => (isGroup(row) ? [] : [row.memoryId]));
  }

  #readersOf(contextId: string) {
    return this.#connectors.filter(({ contextIds }) => contextIds.includes(contextId));
  }
}
