import * as z from "zod";
import { type Memory, problemsOf } from "../../domain/memory.ts";
import type { AdvisedSetting, SettingAdvice } from "../../kernel/errors/setting-advice.ts";
import type { ServiceEvents } from "../../kernel/http/service-events.ts";
import { EventBus } from "../../kernel/util/event-bus.ts";
import { MemoryValueCache } from "../../kernel/util/value-cache.ts";
import { buildSource } from "../../runtime/source-factory.ts";
import { sourceSettings, toSourceConfig } from "../../sources/source-settings.ts";
import type { ImportedSource } from "./import-folder.ts";
import { type ItemMark, markOf } from "./same-export.ts";

export const foundSchema = z.strictObject({
  path: z.string(),
  type: z.string().describe("of the source"),
  format: z.string().nullable().describe("of the files; null for a folder of notes"),
  memories: z.int(),
  wordless: z.int().describe("of the memories those without words"),
  malformed: z.int(),
  problems: z.array(z.string()).describe("what is wrong with the first ones"),
  from: z.string().nullable().describe("time of the earliest memory"),
  to: z.string().nullable().describe("time of the latest one"),
  first: z
    .strictObject({ id: z.string(), title: z.string().nullable(), recordedAt: z.string(), text: z.string() })
    .nullable()
    .describe("the first memory; of its text the beginning"),
  truncated: z.string().nullable().describe("why there may be more"),
});

export type Found = z.output<typeof foundSchema>;

const shownProblems = 5;
const shownCharacters = 200;

/** What is in a source, and by what each of its memories is known, by id. */
export interface Look {
  found: Found;
  marks: ReadonlyMap<string, ItemMark>;
  /** The latest time that any of them says, in RFC 3339. */
  newest: string | null;
}

/** Reads a source once and tells what is in it; writes nothing. Throws what reading it throws. */
export async function lookAtSource({ source, timezone }: ImportedSource, signal: AbortSignal): Promise<Look> {
  const settings = sourceSettings.parse(source);
  const place = { folder: "/", timezone, keyOrigin: null, connectorId: "import", block: "source" } as const;
  const opened = await buildSource(toSourceConfig(settings, place), new EventBus<ServiceEvents>(), {
    values: new MemoryValueCache(),
    pushed: { changes: async () => [], newest: async () => 0 },
  });
  const format = "format" in source ? String(source.format) : null;
  const found: Found = { path: source.path, type: source.type, format, ...nothing() };
  let newest: string | null = null;
  const marks = new Map<string, ItemMark>();
  try {
    const request = { contextId: "import", scope: { kind: "everything" }, limit: 1000 } as const;
    for await (const page of opened.list(request, signal)) {
      found.memories += page.memories.length;
      found.malformed += page.malformed.length;
      for (const memory of page.memories) {
        note(found, memory);
        newest = latest(newest, memory);
        marks.set(memory.id, markOf(memory));
      }
      const problems = [
        ...page.malformed.flatMap((item) => problemsOf(item, adviceInOptions)),
        ...(page.ambiguous ?? []).map((id) => `the id ${JSON.stringify(id)} came with different contents`),
        ...(page.doubts ?? []).map(({ problem }) => problem),
      ];
      found.problems.push(...problems.slice(0, shownProblems - found.problems.length));
      found.truncated = page.truncated?.reason ?? null;
    }
    return { found, marks, newest };
  } finally {
    await opened.close();
  }
}

/** The latest of a time and those that a memory says. */
const latest = (time: string | null, { createdAt, endedAt, updatedAt }: Memory): string | null =>
  [time, createdAt, endedAt, updatedAt]
    .flatMap((each) => each || [])
    .reduce((one, other) => (other > one ? other : one), "") || null;

const nothing = () => ({
  memories: 0,
  wordless: 0,
  malformed: 0,
  problems: [],
  from: null,
  to: null,
  first: null,
  truncated: null,
});

function note(
  found: Found,
  {
    id,
    title,
    createdAt,
    transcript,
  }: { id: string; title: string | null; createdAt: string; transcript: string },
): void {
  if (transcript.trim() === "") found.wordless += 1;
  if (found.from === null || createdAt < found.from) found.from = createdAt;
  if (found.to === null || createdAt > found.to) found.to = createdAt;
  found.first ??= {
    id,
    title,
    recordedAt: createdAt,
    text: transcript.slice(0, shownCharacters).toWellFormed(),
  };
}

const options: ReadonlyMap<AdvisedSetting, string> = new Map([
  ["encoding", "--encoding"],
  ["date_order", "--date-order"],
]);

/** An advice in the words of `import`: what is a setting elsewhere is an option here. */
export const adviceInOptions = ({ setting, example }: SettingAdvice): string =>
  `give ${options.get(setting)}, such as ${example}`;
