import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import type { Clock } from "../../../kernel/util/clock.ts";
import { plural } from "../../../kernel/util/readable.ts";
import type { Acceptances } from "./acceptances.ts";
import { type DocumentListing, fullPage } from "./document-listing.ts";
import { isFenced, recoveryRequired, sinkBusy } from "./errors.ts";
import type { Finder } from "./finder.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Session } from "./session.ts";
import { deleteAnswer } from "./wire.ts";

export interface RemoverParts {
  session: Session;
  listing: DocumentListing;
  finder: Finder;
  pipeline: Pipeline;
  acceptances: Acceptances;
  clock: Clock;
  pollMs: number;
  removeMs: number;
}

/** How often a deletion that LightRAG started without effect is requested again. */
const maxRounds = 3;
/** How often an idle pipeline is polled before a deletion counts as not done: 1.4 begins some time after its answer. */
const maxPolls = 8;

/**
 * Deletes documents and waits until they are gone. LightRAG never reports the end of a deletion, and an insert between its answer
 * and its end is refused or, in 1.4, deleted with it (LightRAG contract §5), so only absence while the pipeline is idle counts.
 */
export class Remover {
  readonly #parts: RemoverParts;

  constructor(parts: RemoverParts) {
    this.#parts = parts;
  }

  async remove(documentIds: readonly string[], signal: AbortSignal): Promise<void> {
    const { clock, removeMs, acceptances } = this.#parts;
    const deadline = clock.monotonic() + removeMs;
    // Deleting a missing id would leave a job behind that may delete a later insert of the same id.
    let present = await this.#presentSoon(documentIds, signal);
    const notes = present.length === 0 ? [] : await this.#notesAbout(present, signal);
    for (let round = 0; present.length > 0; round++) {
      if (round === maxRounds) throw await this.#refused(present, signal);
      await this.#startDeletion([...present, ...notes], deadline, signal);
      present = await this.#untilGone(present, deadline, signal);
    }
    acceptances.forget(documentIds);
  }

  /** Deletes LightRAG's note of a refused duplicate. Throws `SINK_BUSY` instead of waiting for the pipeline. */
  async removeNote(noteId: string, signal: AbortSignal): Promise<void> {
    const { clock, removeMs } = this.#parts;
    await this.#startDeletion([noteId], clock.monotonic(), signal);
    await this.#untilGone([noteId], clock.monotonic() + removeMs, signal);
  }

  async #startDeletion(ids: readonly string[], deadline: number, signal: AbortSignal): Promise<void> {
    const { clock, pollMs, pipeline, session } = this.#parts;
    const json = { doc_ids: ids, delete_file: false, delete_llm_cache: true };
    const path = ["documents", "delete_document"];
    for (;;) {
      const request = { method: "DELETE", path, json, retry: "transient" } as const;
      const { status, message } = await session.read(request, deleteAnswer, signal);
      if (status === "deletion_started") return;
      if (isFenced(message ?? "")) throw recoveryRequired();
      if (clock.monotonic() >= deadline) throw sinkBusy("LightRAG's pipeline is at work");
      await clock.sleep(pollMs, signal);
      await pipeline.untilIdle(deadline, signal);
    }
  }

  /** Waits for the end of a deletion; returns the ids that remain. */
  async #untilGone(ids: readonly string[], deadline: number, signal: AbortSignal): Promise<string[]> {
    const { clock, pollMs, pipeline, finder } = this.#parts;
    let present = [...ids];
    for (let look = 0; look < maxPolls && present.length > 0; look++) {
      if (look > 0) await clock.sleep(pollMs, signal);
      await pipeline.untilNothingIsDeleted(deadline, signal);
      present = await finder.stillListed(present, signal);
    }
    // A record may disappear before its job ends, and until then inserts are refused.
    await pipeline.untilNothingIsDeleted(deadline, signal);
    return present;
  }

  /** The ids that are listed. Documents that were accepted a moment ago are awaited: they are about to appear. */
  async #presentSoon(ids: readonly string[], signal: AbortSignal): Promise<string[]> {
    const { clock, pollMs, acceptances, finder } = this.#parts;
    for (;;) {
      const present = await finder.listed(ids, signal);
      if (ids.every((id) => present.includes(id) || !acceptances.expects(id))) return present;
      await clock.sleep(pollMs, signal);
    }
  }

  /** LightRAG's notes of refused duplicates of these documents, as far as one request lists them. */
  async #notesAbout(ids: readonly string[], signal: AbortSignal): Promise<string[]> {
    const newestFailed = { sortBy: "updated_at", direction: "desc", status: "failed" } as const;
    const query = { page: 1, pageSize: fullPage, ...newestFailed };
    const { documents } = await this.#parts.listing.page(query, signal);
    return documents
      .filter(({ duplicateOf }) => duplicateOf !== undefined && ids.includes(duplicateOf))
      .map(({ record }) => record.documentId);
  }

  async #refused(ids: readonly string[], signal: AbortSignal): Promise<ConnectorError> {
    const subject = ids[0] ?? "";
    const reason = await this.#parts.pipeline.lastMessageAbout(subject, signal);
    const message = `LightRAG started to delete "${subject}" ${plural(maxRounds, "time")}, and still has it`;
    return new ConnectorError("SINK_DELETE_REFUSED", reason === "" ? message : `${message}: ${reason}`, {
      subject,
    });
  }
}
