import { readdirSync, readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import type { StreamedAnswer } from "../../kernel/http/exchange.ts";
import type { MediaKind, MediaRequest } from "../memory-source.ts";
import { saveAnswer } from "./media-file.ts";

const request = (change: Partial<MediaRequest> = {}): MediaRequest => ({
  contextId: "CTX",
  memoryId: "17",
  kind: "audio",
  maxBytes: 10,
  ...change,
});

async function* bodyOf(...chunks: (string | Error)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk;
    yield Buffer.from(chunk);
  }
}

const answer = (type: string | undefined, chunks: (string | Error)[], length?: number) =>
  ({
    status: 200,
    headers: { "content-type": type, "content-length": length === undefined ? undefined : String(length) },
    body: bodyOf(...chunks),
    failure: () => new Error("not asked for"),
  }) as unknown as StreamedAnswer;

describe("a medium", () => {
  it.each<[MediaKind, string | undefined, string]>([
    ["audio", "audio/mpeg", "audio/mpeg"],
    ["audio", " Audio/OGG ; codecs=opus", "audio/ogg"],
    ["audio", "audio/webm", "audio/webm"],
    ["image", "image/jpeg", "image/jpeg"],
    ["image", "image/png", "image/png"],
    ["audio", "application/octet-stream", "application/octet-stream"],
    ["audio", undefined, ""],
  ])(
    "of %s as %s is written whole, for its owner alone, and nothing beside it",
    async (kind, type, contentType) => {
      const folder = temporaryFolder();
      const saved = await saveAnswer(answer(type, ["01234", "56789"], 10), request({ kind }), `${folder}/m`);
      expect(saved).toMatchObject({ contentType, bytes: 10 });
      expect(readdirSync(folder)).toEqual(["m"]);
      expect(readFileSync(`${folder}/m`, "utf8")).toBe("0123456789");
      expect(statSync(`${folder}/m`).mode & 0o777).toBe(0o600);
    },
  );

  it.each([
    ["by its length", ["x"], 11],
    ["by its bytes", ["012345", "67890"], undefined],
  ] as const)("that is too large %s is refused and leaves nothing", async (_, chunks, length) => {
    const folder = temporaryFolder();
    const saving = saveAnswer(answer("audio/mpeg", [...chunks], length), request(), `${folder}/m`);
    await expect(saving).rejects.toMatchObject({
      code: "MEDIA_TOO_LARGE",
      subject: "17",
      message: 'audio of memory "17" is larger than 10 bytes',
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("that breaks off leaves nothing, and what broke it is passed on", async () => {
    const folder = temporaryFolder();
    const reset = new Error("reset");
    await expect(saveAnswer(answer("audio/mpeg", ["x", reset]), request(), `${folder}/m`)).rejects.toBe(
      reset,
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it("that cannot be written is our disk's fault", async () => {
    const path = `${temporaryFolder()}/missing/m`;
    await expect(saveAnswer(answer("audio/mpeg", ["x"]), request(), path)).rejects.toMatchObject({
      code: "MEDIA_NOT_WRITTEN",
      subject: expect.stringContaining(path),
      message: expect.stringMatching(/missing\/m.*: ENOENT/),
      cause: { code: "ENOENT" },
    });
  });
});
