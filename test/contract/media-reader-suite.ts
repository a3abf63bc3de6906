import { describe, expect, onTestFinished, test } from "vitest";
import type { MediaFile, MediaReader } from "../../src/documents/media/media-reader.ts";
import { faultOf } from "../../src/kernel/openai/classify-failure.ts";
import type { CacheValue } from "../../src/kernel/util/value-cache.ts";

/** One reader, a medium that it can read, and the way to make its model fail. */
export interface StartedMediaReader<Reading extends CacheValue> {
  reader: MediaReader<Reading>;
  /** Another model's reader. */
  other: MediaReader<Reading>;
  /** Says something. */
  medium: MediaFile;
  /** Says nothing: silence, an empty picture. Absent where the model always says something. */
  emptyMedium?: MediaFile;
  /** The model answers this from now on; null: as it should. */
  answer(status: number, body: unknown): void;
  /** How often the model was asked. */
  asked(): number;
  close(): Promise<void>;
}

export interface MediaReaderHarness<Reading extends CacheValue> {
  name: string;
  /** Sent to the endpoint; must not come back. */
  secret: string;
  start(): Promise<StartedMediaReader<Reading>>;
}

const never = new AbortController().signal;
const limited = { error: { message: "Rate limit exceeded", code: 429 } };

/** What the port promises, see `MediaReader`. */
export function mediaReaderSuite<Reading extends CacheValue>(harness: MediaReaderHarness<Reading>): void {
  const started = async () => {
    const it = await harness.start();
    onTestFinished(() => it.close());
    return it;
  };

  describe(`media read by ${harness.name}`, () => {
    test("the identity tells one model from another, and holds no key", async () => {
      const { reader, other } = await started();
      expect(reader.identity).not.toBe("");
      expect(reader.identity).not.toBe(other.identity);
      expect(reader.identity).not.toContain(harness.secret);
      expect(["audio", "image"]).toContain(reader.kind);
    });

    test("a reading has the reader's own shape and survives JSON, so that it can be kept", async () => {
      const { reader, medium } = await started();
      const reading = await reader.read(medium, never);
      expect(reader.schema.parse(JSON.parse(JSON.stringify(reading)))).toEqual(reading);
      expect(JSON.stringify(reading)).not.toMatch(/[\p{Cc}]/u);
    });

    test("a medium that says nothing is read", async () => {
      const { reader, emptyMedium } = await started();
      if (emptyMedium === undefined) return;
      expect(reader.schema.safeParse(await reader.read(emptyMedium, never)).success).toBe(true);
    });

    test.each([
      [400, {}, "MODEL_REQUEST_REFUSED"],
      [413, {}, "MODEL_REQUEST_REFUSED"],
      [400, { error: { message: "Your request was flagged by moderation" } }, "MODEL_REQUEST_REFUSED"],
      [400, { error: { message: "maximum context length is 512 tokens" } }, "MODEL_CONTEXT_EXCEEDED"],
      [401, {}, "MODEL_KEY_REFUSED"],
      [402, {}, "MODEL_QUOTA"],
      [403, { error: { code: "insufficient_quota" } }, "MODEL_QUOTA"],
      [404, {}, "MODEL_UNKNOWN"],
      [429, {}, "MODEL_BUSY"],
      [500, {}, "MODEL_SERVER_ERROR"],
      [503, {}, "MODEL_BUSY"],
      [200, limited, "MODEL_BUSY"],
      [200, { error: "Rate limit exceeded" }, "MODEL_BUSY"],
      [200, { choices: [limited] }, "MODEL_BUSY"],
      [200, {}, "MODEL_ANSWER_UNUSABLE"],
      [200, [], "MODEL_ANSWER_UNUSABLE"],
      [200, null, "MODEL_ANSWER_UNUSABLE"],
      [200, "<html>Sign in</html>", "MODEL_ANSWER_UNUSABLE"],
      [200, '{"text": "cu', "MODEL_ANSWER_UNUSABLE"],
      [200, "", "MODEL_ANSWER_UNUSABLE"],
    ])("an answer %i %j is %s, whose fault is known, and quotes no key", async (status, body, code) => {
      const { reader, medium, answer } = await started();
      answer(status, body);
      const failure = await reader.read(medium, never).catch((error) => error);
      expect(failure).toMatchObject({ code });
      expect(faultOf(failure.code)).toBeDefined();
      expect(failure.format()).not.toContain(harness.secret);
    });

    test("a failure in passing is tried again inside, and no longer than the model fails", async () => {
      const { reader, medium, answer, asked } = await started();
      answer(503, {});
      await reader.read(medium, never).catch(() => undefined);
      expect(asked()).toBeGreaterThan(1);
    });

    test("who has given up gets an abort and no answer", async () => {
      const { reader, medium } = await started();
      const reason = await reader.read(medium, AbortSignal.abort()).then(
        () => "an answer",
        (error) => error,
      );
      expect(reason.name === "AbortError" || reason.code === "CANCELLED").toBe(true);
    });
  });
}
