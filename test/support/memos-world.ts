import { onTestFinished } from "vitest";
import { MemosSource } from "../../src/sources/memos/memos-source.ts";
import type { MemosOptions } from "../../src/sources/memos/settings.ts";
import type { ServedWorld } from "../contract/served-source-suite.ts";
import { MemosDouble, type memosVersions } from "./memos-double.ts";
import { eagerServer, revokedKey, spoilIn } from "./source-listing.ts";

/** A double of Memos, and a source over it. */
export async function memosWorld(
  version: (typeof memosVersions)[number] = "0.30.0",
  options: Partial<MemosOptions> = {},
  pageSize = 100,
) {
  const memos = await MemosDouble.start(version);
  const another = () => {
    const all = {
      ...{
        token: memos.token,
        visibility: ["private", "protected", "public"],
        archived: false,
        comments: false,
      },
      ...{ url: memos.url, ...eagerServer, ...options },
    };
    const source = new MemosSource({ ...all, pageSize });
    onTestFinished(() => source.close());
    return source;
  };
  const time = (at: number) => new Date(at).toISOString().replace(".000Z", "Z");
  const world: ServedWorld = {
    server: memos,
    put: (id, content, at) =>
      memos.put(id, { content, ...(at !== undefined && { createTime: time(at), updateTime: time(at) }) }),
    delete: (id) => memos.memos.delete(id),
    idOf: (name) => name,
    broken: (id, flaw) => ({ name: `memos/${id}`, creator: memos.owner, content: flaw, createTime: "soon" }),
    stir: () => {
      for (const memo of memos.memos.values()) {
        memo.snippet = "derived";
        memo.reactions = [{ reactionType: "👍" }];
        memo.tags = (memo.tags as string[]).toReversed();
        memo.pinned = true;
      }
    },
    spoil: (name, change) => spoilIn(memos.memos, name, change),
    revokeKeys: () => revokedKey(memos, "token"),
    isList: ({ url }) => url.pathname === "/api/v1/memos" && url.searchParams.get("pageSize") !== "1",
    itemsOf: (body) => (body as { memos?: unknown[] }).memos ?? [],
    timeField: "createTime",
    withText: (item, content) => ({ ...item, content }),
  };
  return { url: memos.url, memos, source: another(), another, world, key: memos.token };
}
