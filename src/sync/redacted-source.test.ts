import { expect, test } from "vitest";
import { memoryOf } from "../../test/support/sync-harness.ts";
import { Redactor } from "../documents/redact/redactor.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { InMemorySource } from "../sources/in-memory/in-memory-source.ts";
import type { MemoryPage, MemorySource } from "../sources/memory-source.ts";
import { RedactedSource } from "./redacted-source.ts";

const never = new AbortController().signal;
const redactor = new Redactor({ names: ["Silva"], patterns: [], replacement: "[redacted]" });
const everything = { contextId: "CTX", scope: { kind: "everything" }, limit: 10 } as const;

const over = (source: Partial<MemorySource>) =>
  new RedactedSource(Object.assign(new InMemorySource(), source), redactor, null);

async function firstPage(source: MemorySource): Promise<MemoryPage | undefined> {
  for await (const page of source.list(everything, never)) return page;
  return undefined;
}

test("no error of the source tells what is taken out, whatever it was asked for", async () => {
  const fails = () => {
    throw new ConnectorError("SOURCE_BAD_ANSWER", "the first one is Silva's", { subject: "Silva" });
  };
  const source = over({
    check: async () => fails(),
    mediaMarks: { isRemote: true, of: async () => fails() },
    download: async () => fails(),
    // biome-ignore lint/correctness/useYield: it fails before it has shown anything.
    list: async function* () {
      fails();
    },
  });
  const medium = { contextId: "CTX", memoryId: "m", kind: "audio" } as const;
  const asked = [
    () => source.check("CTX", never),
    () => source.download({ ...medium, maxBytes: 1 }, "nowhere", never),
    () => source.mediaMarks?.of({ ...medium, maxBytes: 1 }, {}, never),
    () => firstPage(source),
  ];
  for (const ask of asked) {
    const told = await ask()?.catch((error: unknown) => error);
    expect(told).toMatchObject({ code: "SOURCE_BAD_ANSWER", message: "the first one is [redacted]'s" });
    expect(String((told as ConnectorError).subject)).not.toContain("Silva");
  }
});

test("what a page says beside its memories tells nothing that is taken out either", async () => {
  const page = await firstPage(
    over({
      list: async function* () {
        yield {
          memories: [],
          malformed: [
            { id: "Silva 1", problems: ["Silva is no time"], excerpt: '{"by":"Silva"}', fingerprint: "f" },
          ],
          pending: [{ id: "Silva 2", at: null }],
          doubts: [{ id: "Silva 3", problem: "the date of Silva is none" }],
          ambiguous: ["Silva 4"],
          truncated: { reason: "it ends behind Silva" },
        };
      },
    }),
  );
  expect(JSON.stringify(page)).not.toContain("Silva");
  expect(page).toMatchObject({
    doubts: [{ problem: "the date of [redacted] is none" }],
    pending: [{ at: null }],
  });
});

test("how the ids of an item's memories begin is not told, for they may be others by now: it stands for any memory", async () => {
  const malformed = [{ id: null, standsFor: "Silva/", problems: [], excerpt: "", fingerprint: "f" }];
  const source = over({
    list: async function* () {
      yield { memories: [], malformed, truncated: null };
    },
  });
  const [item] = (await firstPage(source))?.malformed ?? [];
  expect(item).toMatchObject({ id: null, fingerprint: "f" });
  expect(item).not.toHaveProperty("standsFor");
});

test("what a source says of a medium is asked for by its own id, and a source that says nothing is not asked", async () => {
  const asked: string[] = [];
  const memory = memoryOf("Silva 1");
  const source = over({
    list: async function* () {
      yield { memories: [memory], malformed: [], truncated: null };
    },
    mediaMarks: {
      isRemote: true,
      of: async ({ memoryId }) => {
        asked.push(memoryId);
        return { bytes: 1 };
      },
    },
  });
  const memoryId = redactor.id("Silva 1");
  const request = { contextId: "CTX", memoryId, kind: "audio", maxBytes: 1 } as const;
  expect(await source.mediaMarks?.of(request, {}, never)).toEqual({ bytes: 1 });
  expect(asked).toEqual(["Silva 1"]);
  expect(over({}).mediaMarks).toBeUndefined();
});
