import * as z from "zod";
import { toTransformationConfig, transformationSettings } from "../../documents/settings.ts";
import { sharedSecret } from "../../kernel/inbound/signed-message.ts";
import { metadata, stripMetadata } from "../../kernel/settings/metadata.ts";
import { mergeSettings, overridesOf } from "../../kernel/settings/overrides.ts";
import { givenKeys, isMap, type RuleProblem } from "../../kernel/settings/rules.ts";
import { duration, text, timeZone } from "../../kernel/settings/types.ts";
import { scheduleSettings, toScheduleConfig } from "../../schedule/settings.ts";
import { type LightragSettings, lightragSettings, toLightRagConfig } from "../../sinks/lightrag/settings.ts";
import { type MemoryApiSettings, memoryApiSettings } from "../../sources/memory-api/settings.ts";
import { type SourceSettings, sourceSettings, toSourceConfig } from "../../sources/source-settings.ts";
import {
  budgetSettings,
  deletionPolicy,
  deletionsSettings,
  ingestionSettings,
  reconcileSettings,
  retrySettings,
  toBudgetConfig,
  toDeletionsConfig,
  toIngestionConfig,
  toRetryConfig,
} from "../../sync/settings.ts";

/** By what the senders of webhooks are known. */
const hintSettings = z.strictObject({
  signing_secret: sharedSecret().optional().register(metadata, {
    description:
      "Key with which the sender signs, as Standard Webhooks or `X-Hub-Signature-256` has it: a text, or `whsec_` and base64.",
    example: `\${MEMOS_WEBHOOK_SECRET}`,
    secret: true,
  }),
  url_secret: sharedSecret().optional().register(metadata, {
    description:
      "For a sender that cannot sign: what it shows in the address, as `?secret=`. Whoever sees the address can tell of changes, and no more.",
    example: `\${MEMOS_WEBHOOK_URL_SECRET}`,
    secret: true,
  }),
});

/** Pattern of connector ids. */
export const connectorIdPattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/;

export const connectorSettings = z.strictObject({
  id: z
    .string()
    .regex(connectorIdPattern, {
      error: "must be 1 to 100 letters, digits, dots, hyphens and underscores, the first a letter or digit",
    })
    .register(metadata, {
      description: "Name of the connector. Its ledger belongs to this name.",
      example: "personal-memories",
    }),
  enabled: z
    .boolean()
    .prefault(true)
    .register(metadata, { description: "A disabled connector does not run." }),
  description: z.string().prefault("").register(metadata, { description: "For people." }),
  context_id: text()
    .optional()
    .register(metadata, { description: "Context of the source to read.", example: "CTX123", starter: true }),
  context_ids: z
    .array(text())
    .min(1)
    .optional()
    .register(metadata, {
      description: "Several contexts, beside or instead of `context_id`.",
      example: ["CTX123", "CTX456"],
    }),
  timezone: timeZone().prefault("UTC").register(metadata, {
    description: "Zone for `cron` and for local times where a memory's place is not known.",
  }),
  schedule: scheduleSettings.optional().register(metadata, {
    description: "When the connector runs by itself. Left out, it runs only when asked to.",
    starter: true,
  }),
  ingestion: ingestionSettings
    .prefault({})
    .register(metadata, { description: "What a run reads and how much of it at once." }),
  transformation: transformationSettings.prefault({}).register(metadata, {
    description: "How memories become documents.",
    synonyms: ["transform"],
  }),
  retry: retrySettings
    .prefault({})
    .register(metadata, { description: "What happens to a memory that fails." }),
  on_delete: deletionPolicy().prefault("ignore").register(metadata, {
    description:
      "What follows when the source does not show a memory any more: nothing, a note in the ledger (`tombstone`), or the removal of its document from LightRAG (`propagate`). Judged on complete lists only, and only as far back as `query_range` makes them reach: `all` notices every deletion.",
  }),
  deletions: deletionsSettings.prefault({}).register(metadata, {
    description: "When a memory counts as deleted at the source, for `on_delete`.",
  }),
  reconcile: reconcileSettings.prefault({}).register(metadata, {
    description:
      "Comparison of ledger, source and LightRAG beside the runs, see `memory-connector reconcile`.",
  }),
  budget: budgetSettings.prefault({}).register(metadata, {
    description:
      "What may be sent in a day of the connector's `timezone`. With a budget the newest memories go first, and what it has no room for waits.",
  }),
  run_timeout: duration({ minMs: 1000 }).optional().register(metadata, {
    description: "Time limit of a run. What it did not finish, the next run does.",
    example: "2h",
    defaultText: "`advanced.pipeline.job_timeout_minutes`",
  }),
  source: sourceSettings.optional().register(metadata, {
    description:
      "Where this connector's memories come from, whole in itself. Left out, it is the Memory API of `memory_api`.",
    example: { type: "memory_api", url: "http://127.0.0.1:8080", api_key: `\${OTHER_MEMORY_API_KEY}` },
  }),
  webhook: hintSettings.optional().register(metadata, {
    description:
      "How a source shows that it may tell of changes at `POST /connectors/ID/webhook`. What it says is not believed: the connector looks itself. A key of the role `admin` may always tell.",
  }),
  memory_api: overridesOf(memoryApiSettings)
    .optional()
    .register(metadata, {
      description: "Any key of `memory_api`, for this connector only. Not beside `source`.",
      example: { api_key: `\${OTHER_MEMORY_API_KEY}` },
      sameAs: "memory_api",
    }),
  lightrag: overridesOf(lightragSettings)
    .optional()
    .register(metadata, {
      description: "Any key of `lightrag`, for this connector only.",
      example: { api: { url: "http://localhost:9631", workspace: "other" } },
      sameAs: "lightrag",
    }),
});

export function hasContext(value: unknown): RuleProblem[] {
  if (!isMap(value) || givenKeys(value, ["context_id", "context_ids"]).length > 0) return [];
  return [{ path: ["context_id"], reason: "is missing", hint: "set context_id, or context_ids for several" }];
}

/** `memory_api` is the short form of one kind of source. */
export function hasOneSource(value: unknown): RuleProblem[] {
  if (!isMap(value) || givenKeys(value, ["source", "memory_api"]).length < 2) return [];
  const reason = "stands beside source, which is whole in itself";
  return [{ path: ["memory_api"], reason, hint: "move its keys to source, or drop one of the two" }];
}

export type ConnectorSettings = z.output<typeof connectorSettings>;

/** What a connector inherits from the rest of the configuration. `folder` resolves relative paths. */
export interface ConnectorSurroundings {
  memoryApi: MemoryApiSettings;
  lightrag: LightragSettings;
  /** Where the keys in force come from, in words; null for the file itself. */
  keyOrigins: { source: string | null; lightrag: string | null };
  jobTimeoutMs: number;
  folder: string;
}

export function toConnectorConfig(settings: ConnectorSettings, around: ConnectorSurroundings) {
  const { context_id: contextId } = settings;
  const contextIds = contextId === undefined ? [] : [contextId];
  return {
    id: settings.id,
    enabled: settings.enabled,
    description: settings.description,
    /** At least one; no repeats. */
    contextIds: [...new Set([...contextIds, ...(settings.context_ids ?? [])])],
    timezone: settings.timezone,
    schedule: toScheduleConfig(settings.schedule, settings.timezone),
    ingestion: toIngestionConfig(settings.ingestion),
    transformation: toTransformationConfig(settings.transformation),
    /** Not among the settings of the text: whoever changes it changes no document. */
    mergeDocumentCharacters: settings.transformation.merge_document_characters,
    mergeQuietMs: settings.transformation.merge_quiet,
    retry: toRetryConfig(settings.retry),
    deletions: toDeletionsConfig(settings.deletions, settings.on_delete),
    reconcile: { everyMs: settings.reconcile.every ?? null, repair: settings.reconcile.repair },
    budget: toBudgetConfig(settings.budget),
    /** Null: not known. */
    pricePerMillionTokens: settings.budget.price_per_million_tokens ?? null,
    runTimeoutMs: settings.run_timeout ?? around.jobTimeoutMs,
    source: sourceOf(settings, around),
    webhook: {
      signingSecret: settings.webhook?.signing_secret ?? null,
      urlSecret: settings.webhook?.url_secret ?? null,
    },
    lightrag: toLightRagConfig(
      mergeSettings<LightragSettings>(around.lightrag, settings.lightrag),
      around.folder,
      around.keyOrigins.lightrag,
    ),
  };
}

function sourceOf(settings: ConnectorSettings, around: ConnectorSurroundings) {
  const { folder, keyOrigins } = around;
  const place = {
    folder,
    timezone: settings.timezone,
    keyOrigin: keyOrigins.source,
    connectorId: settings.id,
  };
  return settings.source === undefined
    ? toSourceConfig(shortForm(settings, around), { ...place, block: "memory_api" })
    : toSourceConfig(settings.source, { ...place, block: "source" });
}

function shortForm(
  { memory_api: own }: ConnectorSettings,
  { memoryApi }: ConnectorSurroundings,
): SourceSettings {
  const merged = mergeSettings<MemoryApiSettings>(memoryApi, own);
  return { type: "memory_api", ...merged, url: merged.url ?? "" };
}

/** The keys of a connector under the schema's names, as JSON Schema 2020-12. It cannot express all rules over several keys. */
export function connectorJsonSchema(): z.core.JSONSchema.BaseSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(connectorSettings, {
    io: "input",
    unrepresentable: "any",
    metadata: metadata,
    override: ({ zodSchema, jsonSchema }) => stripMetadata(zodSchema, jsonSchema),
  });
  return { ...schema, anyOf: [{ required: ["context_id"] }, { required: ["context_ids"] }] };
}
