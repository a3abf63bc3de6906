import type { Segment } from "../../domain/memory.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { eachOnce } from "../each-once.ts";
import { ItemFields } from "../item-fields.ts";
import { isRecord, type ParsedItem, pageOf } from "../json-list/parsed-item.ts";
import type { DownloadedMedia, ListRequest, MemoryPage, MemorySource, SourceInfo } from "../memory-source.ts";
import { textOfSegments } from "../segment-text.ts";
import { ServedSource } from "../served-source.ts";
import type { SourceCapabilities } from "../source-capabilities.ts";
import type { SourceServerOptions } from "../source-server.ts";
import { walkByKey } from "../walk-by-key.ts";

/** More at once are refused by some versions. */
const pageSize = 10;

/** The lifelogs of Limitless. It has no contexts: whatever the connector calls its context, it holds all that the key shows. */
export class LimitlessSource extends ServedSource implements MemorySource {
  readonly capabilities: SourceCapabilities = {
    consistency: "keyset",
    since: { by: "event", isReliable: false },
    // It tells of no deletion, and recordings go when their time is over.
    deletes: "none",
    complete: "yes",
    identity: "refusal",
    media: [],
  };

  constructor(options: SourceServerOptions & { apiKey: string }) {
    super(options, {
      title: "Limitless",
      service: "limitless",
      keyName: "api_key",
      headers: { "X-API-Key": options.apiKey },
    });
  }

  list(request: ListRequest, signal: AbortSignal): AsyncIterable<MemoryPage> {
    return eachOnce(this.#pages(request, signal));
  }

  async check(_contextId: string, signal: AbortSignal): Promise<SourceInfo> {
    await this.#page({ limit: 1 }, signal);
    return { server: this.server.address, version: null, account: null, capabilities: this.capabilities };
  }

  async download(): Promise<DownloadedMedia> {
    throw new ConnectorError("MEDIA_NOT_FOUND", "lifelogs are read without their recordings");
  }

  async *#pages({ scope, resume = "" }: ListRequest, signal: AbortSignal): AsyncGenerator<MemoryPage> {
    const reached = /^\d{1,12}$/u.test(resume) ? Number(resume) : null;
    const walk = walkByKey<unknown>(
      {
        page: (from, cursor) =>
          this.#page({ limit: pageSize, start: textOf(from), cursor: cursor ?? undefined }, signal),
        idOf: (item) => (isRecord(item) ? String(item.id) : ""),
        keyOf: secondOf,
        isBefore: (one, other) => one < other,
      },
      scope.kind === "events" ? Math.floor(scope.since / 1000) : reached,
    );
    for (;;) {
      const { value, done } = await walk.next();
      if (done) return yield { ...pageOf([]), mayHaveDrifted: !value.isOrdered };
      yield {
        ...pageOf(value.items.map(readLifelog)),
        ...(scope.kind === "everything" && value.next !== null && { resume: String(value.next) }),
      };
    }
  }

  async #page(
    query: Readonly<Record<string, string | number | undefined>>,
    signal: AbortSignal,
  ): Promise<{ items: unknown[]; next: string | null }> {
    const asked = {
      timezone: "UTC",
      direction: "asc",
      includeMarkdown: true,
      includeHeadings: true,
      ...query,
    };
    const answer = await this.server.json({ path: ["v1", "lifelogs"], query: asked }, signal);
    const data = isRecord(answer) && isRecord(answer.data) ? answer.data : {};
    if (!Array.isArray(data.lifelogs))
      throw new ConnectorError("SOURCE_BAD_ANSWER", "Limitless: the answer is no list of lifelogs", {
        subject: this.server.address,
      });
    const meta = isRecord(answer) && isRecord(answer.meta) ? answer.meta.lifelogs : null;
    const next = isRecord(meta) && typeof meta.nextCursor === "string" ? meta.nextCursor : null;
    return { items: data.lifelogs, next: next === "" ? null : next };
  }
}

/** As the API wants it: local time of the zone that the request names. */
function textOf(seconds: number | null): string | undefined {
  return seconds === null ? undefined : new Date(seconds * 1000).toISOString().slice(0, 19).replace("T", " ");
}

function secondOf(item: unknown): number | null {
  const time = isRecord(item) ? new ItemFields(item).optionalTime("startTime") : null;
  return time === null ? null : Math.floor(Date.parse(time) / 1000);
}

/** Reads a recording: who said what, or its summary in Markdown where nobody is told apart. */
export function readLifelog(item: unknown): ParsedItem {
  const fields = new ItemFields(item);
  const segments = flat(fields).flatMap(segmentOf);
  const endedAt = fields.optionalTime("endTime");
  const id = fields.id("id");
  const markdown = fields.text("markdown");
  const createdAt = fields.time("startTime");
  const malformed = fields.malformed(id);
  if (malformed !== null) return { kind: "malformed", malformed };
  return {
    kind: "memory",
    memory: {
      ...{ id, type: "record", audio: false, image: false },
      transcript: segments.length > 0 ? textOfSegments(segments) : markdown,
      location: null,
      createdAt,
      updatedAt: fields.optionalTime("updatedAt"),
      title: fields.optional("title"),
      tags: [],
      ...(endedAt !== null && { endedAt }),
      ...(segments.length > 0 ? { segments } : { format: "markdown" }),
    },
  };
}

/** Parts of a lifelog hold further ones. */
function flat(fields: ItemFields): ItemFields[] {
  return ["contents", "children"]
    .flatMap((name) => fields.each(name))
    .flatMap((part) => [part, ...flat(part)]);
}

function segmentOf(part: ItemFields): Segment[] {
  if (part.optional("type") !== "blockquote") return [];
  const text = part.text("content");
  if (text.trim() === "") return [];
  const speaker =
    part.optional("speakerName") ?? (part.optional("speakerIdentifier") === "user" ? "You" : null);
  return [{ speaker, startMs: part.number("startOffsetMs"), endMs: part.number("endOffsetMs"), text }];
}
