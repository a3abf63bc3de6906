import { describe, expect, it } from "vitest";
import { listAll, startSource } from "../support/memory-api-client.ts";
import type { MemoryApiFault } from "../support/memory-api-faults.ts";

const created_at = "2025-01-01T00:00:00Z";
const memories = [
  { id: "café", created_at, transcript: "crème brûlée" },
  { id: "cafè", created_at, transcript: "naïve" },
];

async function start(fault: MemoryApiFault | undefined, settings: Parameters<typeof startSource>[1] = {}) {
  const { api, client } = await startSource({}, { maxRetries: 0, ...settings });
  api.put("CTX", ...memories);
  api.faultFor = () => fault;
  return client;
}

describe("text arrives as it was", () => {
  it.each([
    { kind: "charset", charset: "latin1", declared: "iso-8859-1" },
    { kind: "charset", charset: "latin1", declared: '"Windows-1252"' },
    { kind: "charset", charset: "utf-16le", declared: "utf-16le" },
    { kind: "charset", charset: "utf-16be", declared: "UTF-16" },
    { kind: "charset", charset: "utf-16be", declared: null, mark: true },
    { kind: "charset", charset: "utf-16le", declared: "utf-8", mark: true },
    { kind: "content-type", contentType: "application/json; charset=us-ascii" },
  ] satisfies MemoryApiFault[])("in %j", async (fault) => {
    const { pages } = await listAll(await start(fault));
    const texts = pages.flatMap((page) => page.memories.map(({ id, transcript }) => [id, transcript]));
    expect(texts).toEqual(memories.map(({ id, transcript }) => [id, transcript]));
  });

  it("in the charset that is set, when the server says nothing or something wrong", async () => {
    const fault = { kind: "charset", charset: "latin1", declared: "utf-8" } as const;
    expect((await listAll(await start(fault, { charset: "iso-8859-1" }))).ids).toEqual(["café", "cafè"]);
  });

  it("or not at all: bytes that are no text cost their item, and no other", async () => {
    const { api, client } = await startSource();
    api.put("CTX", { id: "plain", created_at, transcript: "ok \ufffd" }, ...memories);
    api.faultFor = () => ({ kind: "charset", charset: "latin1", declared: null });
    api.put("CTX", { id: "plain", created_at, transcript: "ok" });
    const { ids, pages } = await listAll(client);
    expect(ids).toEqual(["plain"]);
    expect(pages.flatMap(({ malformed }) => malformed)).toMatchObject([
      { id: null, code: "MEMORY_UNDECODABLE", problems: [expect.stringContaining("byte 0xE9")] },
      { id: null, code: "MEMORY_UNDECODABLE", problems: [expect.stringContaining("byte 0xE8")] },
    ]);
    expect(JSON.stringify(pages.flatMap((page) => page.memories))).not.toContain("\ufffd");
  });

  it("with a U+FFFD that the source sent", async () => {
    const { api, client } = await startSource();
    api.put("CTX", { id: "a", created_at, transcript: "x\ufffdy" });
    expect((await listAll(client)).pages[0]?.memories[0]?.transcript).toBe("x\ufffdy");
  });

  it("unless nobody knows the charset, which is an error that names the setting", async () => {
    const client = await start({ kind: "content-type", contentType: "application/json; charset=klingon" });
    const error = await listAll(client).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "SOURCE_CHARSET_UNKNOWN" });
    expect(error.format()).toContain("memory_api.charset");
  });
});
