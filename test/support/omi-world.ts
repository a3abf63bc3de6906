import { onTestFinished } from "vitest";
import { LimitlessSource } from "../../src/sources/limitless/limitless-source.ts";
import { OmiSource } from "../../src/sources/omi/omi-source.ts";
import type { OmiKind } from "../../src/sources/omi/settings.ts";
import type { ServedWorld } from "../contract/served-source-suite.ts";
import { type FakeAnswer, type FakeRequest, FakeServer } from "./fake-server.ts";
import { OmiDouble } from "./omi-double.ts";
import { eagerServer, revokedKey, spoilIn } from "./source-listing.ts";

const noon = Date.UTC(2026, 2, 1, 12);
/** As Omi writes it, in another zone than UTC. */
const offsetTime = (at: number) => `${new Date(at + 3_600_000).toISOString().slice(0, 19)}+01:00`;

/** A double of Omi, and a source over it; what a test puts into it is of the first kind. */
export async function omiWorld(include: readonly OmiKind[] = ["conversations", "memories"], pageSize = 100) {
  const omi = await OmiDouble.start();
  const another = () => {
    const source = new OmiSource({ apiKey: omi.key, include, url: omi.url, ...eagerServer, pageSize });
    onTestFinished(() => source.close());
    return source;
  };
  const [kind = "conversations"] = include;
  const items = omi[kind];
  const world: ServedWorld = {
    server: omi,
    put: (id, text, at) => {
      const time = offsetTime(at ?? noon);
      const known = at === undefined ? items.get(id) : undefined;
      const told =
        kind === "memories"
          ? { content: text, category: "interests", tags: ["b", "a"], created_at: time }
          : { structured: { title: id, overview: text }, started_at: time, created_at: time };
      items.set(id, { id, ...told, ...(known && { created_at: known.created_at }) });
    },
    delete: (id) => items.delete(id),
    idOf: (name) => `${kind === "memories" ? "memory" : "conversation"}:${name}`,
    broken: (id, flaw) => ({
      id,
      started_at: "soon",
      created_at: "soon",
      content: flaw,
      structured: { overview: flaw },
    }),
    putBroken: (broken) => {
      for (const key of items.keys()) if (key.startsWith("broken ")) items.delete(key);
      for (const [index, item] of broken.entries()) items.set(`broken ${index}`, item as { id: string });
    },
    stir: () => {
      for (const item of items.values())
        Object.assign(item, { reviewed: true, processing_memory_id: "x", emoji: "🌱" });
    },
    spoil: (name, change) => spoilIn(items, name, change),
    revokeKeys: () => revokedKey(omi, "key"),
    isList: ({ url }) => url.pathname.endsWith(kind) && url.searchParams.get("limit") !== "1",
    itemsOf: (body) => body as unknown[],
    timeField: "created_at",
    withText: (item, text) =>
      kind === "memories" ? { ...item, content: text } : { ...item, structured: { overview: text } },
  };
  return { url: omi.url, omi, source: another(), another, world, key: omi.key };
}

/** Lifelogs as the documents of Limitless have them. */
class LimitlessDouble extends FakeServer {
  key = "limitless-0123456789abcdef";
  readonly lifelogs = new Map<string, Record<string, unknown>>();

  answer({ url, headers }: FakeRequest): FakeAnswer {
    const { pathname, searchParams: query } = url;
    if (headers["x-api-key"] !== this.key) return { status: 401, body: { error: "unauthorized" } };
    if (pathname !== "/v1/lifelogs") return { status: 404, body: { error: "not found" } };
    const start = Date.parse(`${(query.get("start") ?? "1970-01-01 00:00:00").replace(" ", "T")}Z`);
    const all = [...this.lifelogs.values()]
      .filter(({ startTime }) => Date.parse(String(startTime)) >= start)
      .toSorted((one, other) => Date.parse(String(one.startTime)) - Date.parse(String(other.startTime)));
    const offset = Number(query.get("cursor") ?? 0);
    const limit = Math.min(10, Number(query.get("limit") ?? 3));
    const lifelogs = all.slice(offset, offset + limit);
    const nextCursor = offset + limit < all.length ? String(offset + limit) : null;
    return {
      status: 200,
      body: { data: { lifelogs }, meta: { lifelogs: { nextCursor, count: lifelogs.length } } },
    };
  }
}

/** A double of Limitless, and a source over it. */
export async function limitlessWorld() {
  const limitless = new LimitlessDouble();
  const url = await limitless.serve((request) => limitless.answer(request));
  const another = () => {
    const source = new LimitlessSource({ apiKey: limitless.key, url, ...eagerServer });
    onTestFinished(() => source.close());
    return source;
  };
  const world: ServedWorld = {
    server: limitless,
    put: (id, markdown, at) =>
      limitless.lifelogs.set(id, {
        ...{ startTime: offsetTime(noon), endTime: offsetTime(noon), contents: [] },
        ...limitless.lifelogs.get(id),
        ...{ id, title: id, markdown, isStarred: false, updatedAt: "2026-03-01T08:30:00.000Z" },
        ...(at !== undefined && { startTime: offsetTime(at), endTime: offsetTime(at) }),
      }),
    delete: (id) => limitless.lifelogs.delete(id),
    idOf: (name) => name,
    broken: (id, flaw) => ({ id, markdown: flaw, startTime: "soon" }),
    stir: () => {
      for (const item of limitless.lifelogs.values()) item.isStarred = true;
    },
    spoil: (name, change) => spoilIn(limitless.lifelogs, name, change),
    revokeKeys: () => revokedKey(limitless, "key"),
    isList: ({ url: { pathname, searchParams } }) =>
      pathname === "/v1/lifelogs" && searchParams.get("limit") !== "1",
    itemsOf: (body) => (body as { data: { lifelogs: unknown[] } }).data.lifelogs,
    timeField: "startTime",
    withText: (item, markdown) => ({ ...item, markdown }),
  };
  return { url, limitless, source: another(), another, world, key: limitless.key };
}
