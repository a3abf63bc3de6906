import * as z from "zod";
import { facts } from "../../kernel/settings/facts.ts";
import { mergeSettings, overridesOf } from "../../kernel/settings/overrides.ts";
import { givenKeys, isMap, type RuleProblem } from "../../kernel/settings/rules.ts";
import { count, duration, text, timeZone } from "../../kernel/settings/types.ts";
import { type LightragSettings, lightragSettings, toLightRagConfig } from "./lightrag.ts";
import { type MemoryApiSettings, memoryApiSettings, toMemoryApiConfig } from "./memory-api.ts";
import { scheduleSettings, toScheduleConfig } from "./schedule.ts";
import { toTransformationConfig, transformationSettings } from "./transformation.ts";

const ingestion = z.strictObject({
  query_range: z.enum(["day", "week", "month", "all", "auto"]).prefault("auto").register(facts, {
    description:
      "How far back a run looks: 24 hours, 7 days, 30 days or everything; `auto` brings everything, and looks no further back than the time since the last complete run needs (see `full_look`). With a fixed range, what is older is never brought; `plan`, `sync` and `status` say how much that is. A gap longer than the range widens it for that run.",
  }),
  full_look: z
    .union([z.literal("never"), duration({ minMs: 60_000, maxMs: 366 * 86_400_000 })], {
      error: "must be a duration such as 6h or 1d, or never",
    })
    .prefault("1d")
    .register(facts, {
      description:
        "How often a run with `query_range: auto` looks at the whole list, for what the source shows late or under an old time. Unchanged memories cost nothing but the list. `never`: only when the time since the last complete run needs it.",
    }),
  query_limit: count({ max: 1_000_000 }).prefault(100).register(facts, {
    description:
      "Memories to ask for at first. A full list is asked for again with a larger limit, and the limit that fitted is remembered.",
  }),
  batch_size: count({ max: 1000 })
    .prefault(10)
    .register(facts, {
      description: "Memories that are worked on at the same time.",
      synonyms: ["max_concurrency"],
    }),
  backfill_per_run: count({ max: 1_000_000 }).prefault(100).register(facts, {
    description:
      "Old memories that one run sends at most while a backfill is under way (`memory-connector backfill --since 2020-01-01`); new ones go first.",
  }),
  max_resend_percent: z.number().min(0).max(100).prefault(50).register(facts, {
    description:
      "A run that would send more than this part of the delivered memories again, for example after a change of the template, sends nothing and asks (`sync --accept-resend`). Ten memories or fewer are never held. `100` never asks.",
  }),
  skip_empty_transcripts: z.boolean().prefault(true).register(facts, {
    description: "Leave memories without a transcript out until they have one.",
  }),
});

const deletions = z.strictObject({
  grace_listings: count({ max: 1000 }).prefault(3).register(facts, {
    description:
      "Complete lists in a row that do not show a memory before it counts as deleted. Never fewer than two: with `1` the run looks a second time before it believes.",
  }),
  grace_period: duration({ minMs: 0, maxMs: 366 * 86_400_000 })
    .prefault("1d")
    .register(facts, {
      description: "How long a memory has to be missing, besides, before it counts as deleted.",
    }),
  max_percent: z.number().min(0).max(100).prefault(10).register(facts, {
    description:
      "Removals are held when they are more than this part of the known memories that a list should show: memories that it lacks, that lost their transcript, or whose text became empty, counted together and whatever `on_delete` says. An empty list is not believed either. Nothing is removed then, and everything else goes on (`sync --accept-deletions` says that it is right). `100` believes every list.",
  }),
  always_allowed: count({ min: 0, max: 1_000_000 }).prefault(1).register(facts, {
    description: "So many removals in one run are never held, whatever part of the known memories they are.",
  }),
});

const reconcile = z.strictObject({
  every: duration({ minMs: 60_000, maxMs: 366 * 86_400_000 })
    .optional()
    .register(facts, {
      description: "How often `serve` compares ledger, Memory API and LightRAG as a whole. Left out: never.",
      example: "7d",
    }),
  repair: z.boolean().prefault(false).register(facts, {
    description: "Repair what differs, instead of only telling it.",
  }),
});

const perDay = (what: string, example: number) =>
  count()
    .optional()
    .register(facts, { description: `${what} that may be sent to LightRAG in one day.`, example });

const budget = z.strictObject({
  documents_per_day: perDay("Documents", 500),
  characters_per_day: perDay("Characters", 1_000_000),
  tokens_per_day: perDay("Tokens, estimated at four characters each,", 250_000),
});

const retry = z.strictObject({
  max_attempts: count({ max: 1000 }).prefault(3).register(facts, {
    description: "Attempts for one memory, the first included, before it becomes a dead letter.",
  }),
  backoff_multiplier: z
    .number()
    .min(1)
    .max(10)
    .prefault(2.0)
    .register(facts, { description: "Factor by which the wait grows from one attempt to the next." }),
  max_backoff_seconds: z
    .number()
    .positive()
    .max(86_400)
    .prefault(60)
    .register(facts, { description: "Longest wait between two attempts, in seconds." }),
});

/** What the name of a connector looks like. */
export const connectorIdPattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

export const connectorSettings = z.strictObject({
  id: z
    .string()
    .regex(connectorIdPattern, {
      error: "must be 1 to 100 letters, digits, dots, hyphens and underscores, the first a letter or digit",
    })
    .register(facts, {
      description: "Name of the connector. Its ledger belongs to this name.",
      example: "personal-memories",
    }),
  enabled: z.boolean().prefault(true).register(facts, { description: "A disabled connector does not run." }),
  description: z.string().prefault("").register(facts, { description: "For people." }),
  context_id: text()
    .optional()
    .register(facts, { description: "Context of the Memory API to read.", example: "CTX123", starter: true }),
  context_ids: z
    .array(text())
    .min(1)
    .optional()
    .register(facts, {
      description: "Several contexts, beside or instead of `context_id`.",
      example: ["CTX123", "CTX456"],
    }),
  timezone: timeZone().prefault("UTC").register(facts, {
    description: "Zone for `cron` and for local times where a memory's place is not known.",
  }),
  schedule: scheduleSettings.optional().register(facts, {
    description: "When the connector runs by itself. Left out, it runs only when asked to.",
    starter: true,
  }),
  ingestion: ingestion
    .prefault({})
    .register(facts, { description: "What a run reads and how much of it at once." }),
  transformation: transformationSettings.prefault({}).register(facts, {
    description: "How memories become documents.",
    synonyms: ["transform"],
  }),
  retry: retry.prefault({}).register(facts, { description: "What happens to a memory that fails." }),
  on_delete: z.enum(["ignore", "tombstone", "propagate"]).prefault("ignore").register(facts, {
    description:
      "What follows when the source does not show a memory any more: nothing, a note in the ledger (`tombstone`), or the removal of its document from LightRAG (`propagate`). Judged on complete lists only, and only as far back as `query_range` makes them reach: `all` notices every deletion.",
  }),
  deletions: deletions.prefault({}).register(facts, {
    description: "When a memory counts as deleted at the source, for `on_delete`.",
  }),
  reconcile: reconcile.prefault({}).register(facts, {
    description:
      "Comparison of ledger, Memory API and LightRAG beside the runs, see `memory-connector reconcile`.",
  }),
  budget: budget.prefault({}).register(facts, {
    description:
      "What may be sent in a day of the connector's `timezone`. With a budget the newest memories go first, and what it has no room for waits.",
  }),
  run_timeout: duration({ minMs: 1000 }).optional().register(facts, {
    description: "Time limit of a run. What it did not finish, the next run does.",
    example: "2h",
    defaultText: "`advanced.pipeline.job_timeout_minutes`",
  }),
  memory_api: overridesOf(memoryApiSettings)
    .optional()
    .register(facts, {
      description: "Any key of `memory_api`, for this connector only.",
      example: { api_key: `\${OTHER_MEMORY_API_KEY}` },
      sameAs: "memory_api",
    }),
  lightrag: overridesOf(lightragSettings)
    .optional()
    .register(facts, {
      description: "Any key of `lightrag`, for this connector only.",
      example: { api: { url: "http://localhost:9631", workspace: "other" } },
      sameAs: "lightrag",
    }),
});

export function hasContext(value: unknown): RuleProblem[] {
  if (!isMap(value) || givenKeys(value, ["context_id", "context_ids"]).length > 0) return [];
  return [{ path: ["context_id"], reason: "is missing", hint: "set context_id, or context_ids for several" }];
}

export type ConnectorSettings = z.output<typeof connectorSettings>;

/** What a connector takes from the rest of the configuration. `folder` is where relative paths begin. */
export interface ConnectorSurroundings {
  memoryApi: MemoryApiSettings;
  lightrag: LightragSettings;
  jobTimeoutMs: number;
  folder: string;
}

export function toConnectorConfig(settings: ConnectorSettings, around: ConnectorSurroundings) {
  const { ingestion, retry, context_id: contextId } = settings;
  const memoryApi = mergeSettings<MemoryApiSettings>(around.memoryApi, settings.memory_api);
  const contextIds = contextId === undefined ? [] : [contextId];
  return {
    id: settings.id,
    enabled: settings.enabled,
    description: settings.description,
    /** At least one; no repeats. */
    contextIds: [...new Set([...contextIds, ...(settings.context_ids ?? [])])],
    timezone: settings.timezone,
    schedule: toScheduleConfig(settings.schedule, settings.timezone),
    ingestion: {
      queryRange: ingestion.query_range,
      /** Null: never by itself. */
      fullLookMs: ingestion.full_look === "never" ? null : ingestion.full_look,
      queryLimit: ingestion.query_limit,
      batchSize: ingestion.batch_size,
      backfillPerRun: ingestion.backfill_per_run,
      maxResendPercent: ingestion.max_resend_percent,
      skipEmptyTranscripts: ingestion.skip_empty_transcripts,
    },
    transformation: toTransformationConfig(settings.transformation),
    retry: {
      maxAttempts: retry.max_attempts,
      backoffMultiplier: retry.backoff_multiplier,
      maxBackoffMs: Math.round(retry.max_backoff_seconds * 1000),
    },
    deletions: {
      policy: settings.on_delete,
      graceListings: settings.deletions.grace_listings,
      gracePeriodMs: settings.deletions.grace_period,
      maxPercent: settings.deletions.max_percent,
      alwaysAllowed: settings.deletions.always_allowed,
    },
    reconcile: { everyMs: settings.reconcile.every ?? null, repair: settings.reconcile.repair },
    /** Null: without limit. */
    budget: {
      documents: settings.budget.documents_per_day ?? null,
      characters: settings.budget.characters_per_day ?? null,
      tokens: settings.budget.tokens_per_day ?? null,
    },
    runTimeoutMs: settings.run_timeout ?? around.jobTimeoutMs,
    memoryApi: toMemoryApiConfig(memoryApi, memoryApi.url ?? "", around.folder),
    lightrag: toLightRagConfig(
      mergeSettings<LightragSettings>(around.lightrag, settings.lightrag),
      around.folder,
    ),
  };
}
