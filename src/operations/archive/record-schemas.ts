import * as z from "zod";
import { type LedgerRow, ledgerStatuses } from "../../domain/ledger-row.ts";
import { type Memory, otherTimeSources, textFormats } from "../../domain/memory.ts";
import type { MemoryFacts } from "../../domain/memory-facts.ts";
import type { PushedMemory } from "../../domain/pushed-memory.ts";
import {
  noCounts,
  notDeliveredReasons,
  type RunProgress,
  type RunRecord,
  runOutcomes,
  runPhases,
} from "../../domain/run-record.ts";
import type { ErrorCode } from "../../kernel/errors/codes.ts";
import { mapValues } from "../../kernel/util/collections.ts";
import type { CacheValue } from "../../kernel/util/value-cache.ts";
import type { ScheduleState } from "../../state/schedule-state.ts";
import type { StateSections } from "../../state/state-content.ts";
import type { Learnt, SyncState } from "../../state/state-manager.ts";
import { queryRanges } from "../../sync/query-range.ts";
import { entitySchema, relationSchema } from "../knowledge/knowledge-json.ts";
import type { RecordKind } from "./archive-format.ts";

/**
 * The schemas of an archive's records. Objects are strict: unknown fields are refused. A field that is added to a record later gets
 * a default here, so that older archives can still be restored.
 */

/** All fields of a record, optional ones included: an export may write each of them, and its output has to be readable. */
type Fields<Kept> = Record<keyof Kept, z.ZodType>;

const id = z.string().refine((text) => text.isWellFormed(), "not well-formed Unicode");
const instant = z.int();
const count = z.int().nonnegative();
/** A newer version may know codes that this one does not. */
const errorCode = z.custom<ErrorCode>((value) => typeof value === "string");
/** Any JSON value; its depth was checked before. */
const json = z.custom<CacheValue>((value) => value !== undefined);
const texts = z.array(z.string());
const location = z.strictObject({ lat: z.number(), lon: z.number() });

const place = z.strictObject({
  district: z.string().nullable(),
  city: z.string().nullable(),
  region: z.string().nullable(),
  country: z.string().nullable(),
  distanceKm: z.number().nullable(),
});

const memoryFacts = z.strictObject({
  place: place.nullable(),
  timeZone: z.string().nullable(),
  tags: texts,
  people: texts,
  links: texts,
  transcription: z.string().nullable(),
  image: z.strictObject({ description: z.string(), text: z.string() }).nullable(),
  unreadable: z.array(z.enum(["audio", "image"])).exactOptional(),
  chosen: z.strictObject({ filter: z.string(), fits: z.boolean() }).exactOptional(),
  pendingMedia: z.boolean(),
  provisional: z.boolean(),
} satisfies Fields<MemoryFacts>);

const attachment = z.strictObject({
  kind: z.enum(["audio", "image", "video", "file"]),
  name: z.string().nullable(),
  id: z.string().exactOptional(),
});

const segment = z.strictObject({
  speaker: z.string().nullable(),
  startMs: z.number().nullable(),
  endMs: z.number().nullable(),
  text: z.string(),
});

const memory = z.strictObject({
  id,
  type: z.string(),
  audio: z.boolean(),
  image: z.boolean(),
  transcript: z.string(),
  location: location.nullable(),
  createdAt: z.string(),
  updatedAt: z.string().nullable(),
  title: z.string().nullable(),
  tags: texts,
  endedAt: z.string().exactOptional(),
  timeZone: z.string().exactOptional(),
  timeSource: z.enum(otherTimeSources).exactOptional(),
  url: z.string().exactOptional(),
  placeName: z.string().exactOptional(),
  language: z.string().exactOptional(),
  format: z.enum(textFormats).exactOptional(),
  attachments: z.array(attachment).exactOptional(),
  segments: z.array(segment).exactOptional(),
  facts: memoryFacts.exactOptional(),
} satisfies Fields<Omit<Memory, "members">>);

const ledgerRow = z.strictObject({
  connectorId: id,
  contextId: id,
  memoryId: id,
  status: z.enum(ledgerStatuses),
  version: z.int().positive(),
  contentHash: z.string().nullable(),
  sourceHash: z.string().nullable(),
  groupKey: z.string().nullable(),
  fileSource: z.string(),
  documentId: z.string().nullable(),
  trackId: z.string().nullable(),
  attempts: count,
  nextAttemptAt: instant.nullable(),
  error: z.strictObject({ code: errorCode, message: z.string(), hint: z.string() }).nullable(),
  skipReason: z.string().nullable(),
  deleteReason: z.enum(["update", "retry", "withdraw", "propagate"]).nullable(),
  missing: z.strictObject({ since: instant, listings: count }).nullable(),
  memoryCreatedAt: instant.nullable(),
  firstSeenAt: instant,
  changedAt: instant,
  location: location.nullable(),
  facets: z
    .strictObject({
      ...{ place: texts, tags: texts, people: texts },
      media: z.array(z.enum(["audio", "image"])).exactOptional(),
    })
    .default({ place: [], tags: [], people: [] }),
  text: z
    .string()
    .refine((text) => !text.includes("\0"))
    .nullable()
    .default(null),
  history: z
    .string()
    .regex(/^[ -~]{0,4096}$/u)
    .default(""),
  payload: memory.extend({ members: z.array(memory).exactOptional() }).nullable(),
} satisfies Fields<LedgerRow>);

const learnt = z.strictObject({
  /** Opaque: only the source that wrote it can read it, and validates it. */
  lore: z.record(z.string().max(100), z.json()).nullable(),
  lookedAt: z.strictObject({
    day: instant.exactOptional(),
    week: instant.exactOptional(),
    month: instant.exactOptional(),
    all: instant.exactOptional(),
    changes: instant.exactOptional(),
  }),
  mark: z.string().max(4096).exactOptional(),
  resume: z.string().max(4096).exactOptional(),
  account: z.string().max(1024).exactOptional(),
  sink: z.string().max(4096).exactOptional(),
  wanted: z.string().max(100).exactOptional(),
  outside: z.strictObject({ count, at: instant }).nullable(),
} satisfies Fields<Learnt>);

const syncState = z.strictObject({
  connectorId: id,
  contextId: id,
  watermark: instant.nullable(),
  lastCompleteListingAt: instant.nullable(),
  truncated: z.string().nullable(),
  lastListingCount: count.nullable(),
  learnt: learnt.exactOptional(),
} satisfies Fields<SyncState>);

const runTrigger = z.enum(["cli", "schedule", "api", "catch_up"]);

const progress = z.strictObject({
  savedAt: instant.exactOptional(),
  phase: z.enum(runPhases),
  delivery: z
    .strictObject({ total: count, since: z.strictObject({ at: z.number(), done: count }) })
    .nullable(),
  waits: z.strictObject({ until: z.number(), reason: z.string() }).nullable(),
} satisfies Fields<RunProgress>);

const run = z.strictObject({
  runId: id,
  connectorId: id,
  trigger: runTrigger,
  startedAt: instant,
  endedAt: instant.nullable(),
  outcome: z.enum(runOutcomes),
  counts: z.strictObject(mapValues(noCounts, () => count)),
  phases: z.strictObject({
    connect: z.number(),
    reconcile: z.number(),
    discover: z.number(),
    deliver: z.number(),
  }),
  errors: z.array(
    z.strictObject({ code: errorCode, count, message: z.string(), hint: z.string(), examples: texts }),
  ),
  truncated: z.string().nullable(),
  scope: z.strictObject({ queryRange: z.enum(queryRanges), outside: count }).exactOptional(),
  waitingForMedia: count.exactOptional(),
  budgetSpent: z.literal(true).exactOptional(),
  notDelivered: z
    .array(
      z.strictObject({
        memoryId: id,
        contextId: id.nullable(),
        reason: z.enum(notDeliveredReasons),
        message: z.string(),
        hint: z.string(),
      }),
    )
    .exactOptional(),
  order: instant.exactOptional(),
  progress: progress.exactOptional(),
  before: z.record(z.enum(ledgerStatuses), count).exactOptional(),
} satisfies Fields<RunRecord>);

const schedule = z.strictObject({
  connectorId: id,
  schedule: z.string(),
  anchorAt: z.number(),
  dueAt: z.number().nullable(),
  lastDueAt: z.number().nullable(),
  pausedAt: instant.nullable(),
  pauseNote: z.string().exactOptional(),
  skipped: count,
  openRun: z.strictObject({ runId: id, trigger: runTrigger, at: instant }).nullable(),
  lastRun: z
    .strictObject({ runId: id, trigger: runTrigger, endedAt: instant, outcome: z.enum(runOutcomes) })
    .nullable(),
} satisfies Fields<ScheduleState>);

const pushed = z.strictObject({
  connectorId: id,
  contextId: id,
  memoryId: id,
  number: z.int().positive(),
  pushedAt: instant,
  memory: memory.nullable(),
} satisfies Fields<PushedMemory>);

const stateSchemas = {
  ledger: ledgerRow,
  syncStates: syncState,
  runs: run,
  schedules: schedule,
  records: z.strictObject({ collection: id, id, content: json }),
  values: z.strictObject({ key: id, putAt: instant, value: json }),
  pushed,
} satisfies { [Section in keyof StateSections]: z.ZodType<StateSections[Section]> };

const document = z.strictObject({
  connectorId: id,
  contextId: id,
  fileSource: z.string(),
  memory,
  /** Null for a memory that is not sent. */
  text: z.string().nullable(),
});

export const recordSchemas: Readonly<Record<RecordKind, z.ZodType>> = {
  ...stateSchemas,
  documents: document,
  // The ledger in the same archive leads from documents to memories.
  entities: z.strictObject({ sink: z.string(), ...entitySchema.omit({ memoryIds: true }).shape }),
  relations: z.strictObject({ sink: z.string(), ...relationSchema.omit({ memoryIds: true }).shape }),
};
