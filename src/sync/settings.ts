import * as z from "zod";
import { choiceProblem } from "../documents/choose.ts";
import { nameProblem, patternProblem, replacementProblem } from "../documents/redact/redactor.ts";
import { metadata } from "../kernel/settings/metadata.ts";
import { count, duration } from "../kernel/settings/types.ts";
import { queryRanges } from "./query-range.ts";

/** A text of which `problemOf` says what is wrong with it. */
const checkedText = (problemOf: (text: string) => string | null) =>
  z
    .string()
    .max(1_000)
    .superRefine((text, context) => {
      const problem = problemOf(text);
      if (problem !== null) context.addIssue({ code: "custom", message: problem });
    });

export const ingestionSettings = z.strictObject({
  query_range: z.enum(queryRanges).prefault("auto").register(metadata, {
    description:
      "How far back a run looks: 24 hours, 7 days, 30 days or everything; `auto` brings everything, and looks no further back than the time since the last complete run needs (see `full_look`). With a fixed range, what is older is never brought; `plan`, `sync` and `status` say how much that is. A gap longer than the range widens it for that run.",
  }),
  full_look: z
    .union([z.literal("never"), duration({ minMs: 60_000, maxMs: 366 * 86_400_000 })], {
      error: "must be a duration such as 6h or 1d, or never",
    })
    .prefault("1d")
    .register(metadata, {
      description:
        "How often a run with `query_range: auto` looks at the whole list, for what the source shows late or under an old time. Unchanged memories cost nothing but the list. `never`: only when the time since the last complete run needs it.",
    }),
  query_limit: count({ max: 1_000_000 }).prefault(100).register(metadata, {
    description:
      "Memories to ask for at first. A full list is asked for again with a larger limit, and the limit that fitted is remembered.",
  }),
  batch_size: count({ max: 1000 })
    .prefault(10)
    .register(metadata, {
      description: "Memories that are worked on at the same time.",
      synonyms: ["max_concurrency"],
    }),
  backfill_per_run: count({ max: 1_000_000 }).prefault(100).register(metadata, {
    description:
      "Old memories that one run sends at most while a backfill is under way (`memory-connector backfill --since 2020-01-01`); new ones go first.",
  }),
  max_resend_percent: z.number().min(0).max(100).prefault(50).register(metadata, {
    description:
      "A run that would send more than this part of the delivered memories again, for example after a change of the template, leaves them as they are, sends what is new and asks (`sync --accept-resend`). Ten memories or fewer are never held. `100` never asks.",
  }),
  filter: z
    .string()
    .superRefine((expression, context) => {
      const problem = choiceProblem(expression);
      if (problem !== null) context.addIssue({ code: "custom", message: problem });
    })
    .meta({ title: "text" })
    .optional()
    .register(metadata, {
      description:
        "Which memories the connector carries, as an [expression](deletions.md#only-some-of-the-memories). One that does not fit any more is removed from LightRAG, within the limits of `deletions`. Left out: all.",
      example: "tag = family and not type = photo",
    }),
  redact: z
    .strictObject({
      patterns: z
        .array(checkedText(patternProblem))
        .max(100)
        .prefault([])
        .register(metadata, {
          description:
            "Regular expressions, without regard to case; whatever they fit is taken out, [in time that follows the text](deletions.md#what-is-taken-out).",
          example: ["\\b\\d{3}-\\d{2}-\\d{4}\\b"],
        }),
      names: z
        .array(checkedText(nameProblem))
        .max(10_000)
        .prefault([])
        .register(metadata, {
          description: "Names to take out: whole words, without regard to case, accents and Unicode forms.",
          example: ["Ada Lovelace"],
        }),
      replacement: z.string().max(100).prefault("[redacted]").register(metadata, {
        description: "What stands in their place.",
      }),
    })
    .superRefine((redaction, context) => {
      const problem = replacementProblem(redaction);
      if (problem !== null) context.addIssue({ code: "custom", path: ["replacement"], message: problem });
    })
    .optional()
    .register(metadata, {
      description:
        "[Words that are taken out](deletions.md#what-is-taken-out) of every memory before it is kept, sent to LightRAG or shown. Left out: none.",
    }),
  skip_empty_transcripts: z.boolean().prefault(true).register(metadata, {
    description: "Leave memories without a transcript out until they have one.",
  }),
});

export const deletionsSettings = z.strictObject({
  grace_listings: count({ max: 1000 }).prefault(3).register(metadata, {
    description:
      "Complete lists in a row that do not show a memory before it counts as deleted. Never fewer than two: with `1` the run looks a second time before it believes.",
  }),
  grace_period: duration({ minMs: 0, maxMs: 366 * 86_400_000 })
    .prefault("1d")
    .register(metadata, {
      description: "How long a memory has to be missing, besides, before it counts as deleted.",
    }),
  max_percent: z.number().min(0).max(100).prefault(10).register(metadata, {
    description:
      "Removals are held when they are more than this part of the known memories that a list should show: memories that it lacks, that lost their transcript, or whose text became empty, counted together and whatever `on_delete` says. An empty list is not believed either. Nothing is removed then, and everything else goes on (`sync --accept-deletions` says that it is right). `100` believes every list.",
  }),
  always_allowed: count({ min: 0, max: 1_000_000 }).prefault(1).register(metadata, {
    description: "So many removals in one run are never held, whatever part of the known memories they are.",
  }),
});

export const reconcileSettings = z.strictObject({
  every: duration({ minMs: 60_000, maxMs: 366 * 86_400_000 })
    .optional()
    .register(metadata, {
      description: "How often `serve` compares ledger, source and LightRAG as a whole. Left out: never.",
      example: "7d",
    }),
  repair: z.boolean().prefault(false).register(metadata, {
    description: "Repair what differs, instead of only telling it.",
  }),
});

const perDay = (what: string, example: number) =>
  count()
    .optional()
    .register(metadata, { description: `${what} that may be sent to LightRAG in one day.`, example });

export const budgetSettings = z.strictObject({
  documents_per_day: perDay("Documents", 500),
  characters_per_day: perDay("Characters", 1_000_000),
  tokens_per_day: perDay("Tokens, estimated by language,", 250_000),
  price_per_million_tokens: z.number().positive().max(1_000_000).optional().register(metadata, {
    description:
      "What a million tokens of documents costs, in any currency, for `plan`. A model reads each document several times and writes besides: three to ten times the price of its input is what to expect.",
    example: 0.6,
  }),
});

export const retrySettings = z.strictObject({
  max_attempts: count({ max: 1000 }).prefault(3).register(metadata, {
    description: "Attempts for one memory, the first included, before it becomes a dead letter.",
  }),
  backoff_multiplier: z
    .number()
    .min(1)
    .max(10)
    .prefault(2.0)
    .register(metadata, { description: "Factor by which the wait grows from one attempt to the next." }),
  max_backoff_seconds: z
    .number()
    .positive()
    .max(86_400)
    .prefault(60)
    .register(metadata, { description: "Longest wait between two attempts, in seconds." }),
});

/** The policy for memories that the source no longer shows. */
export const deletionPolicy = () => z.enum(["ignore", "tombstone", "propagate"]);

export function toIngestionConfig(ingestion: z.output<typeof ingestionSettings>) {
  return {
    queryRange: ingestion.query_range,
    /** Null: never by itself. */
    fullLookMs: ingestion.full_look === "never" ? null : ingestion.full_look,
    queryLimit: ingestion.query_limit,
    batchSize: ingestion.batch_size,
    backfillPerRun: ingestion.backfill_per_run,
    maxResendPercent: ingestion.max_resend_percent,
    skipEmptyTranscripts: ingestion.skip_empty_transcripts,
    filter: ingestion.filter ?? null,
    redact: ingestion.redact ?? null,
  };
}

export function toDeletionsConfig(
  deletions: z.output<typeof deletionsSettings>,
  policy: z.output<ReturnType<typeof deletionPolicy>>,
) {
  return {
    policy,
    graceListings: deletions.grace_listings,
    gracePeriodMs: deletions.grace_period,
    maxPercent: deletions.max_percent,
    alwaysAllowed: deletions.always_allowed,
  };
}

/** Null: without limit. */
export function toBudgetConfig(budget: z.output<typeof budgetSettings>) {
  return {
    documents: budget.documents_per_day ?? null,
    characters: budget.characters_per_day ?? null,
    tokens: budget.tokens_per_day ?? null,
  };
}

export function toRetryConfig(retry: z.output<typeof retrySettings>) {
  return {
    maxAttempts: retry.max_attempts,
    backoffMultiplier: retry.backoff_multiplier,
    maxBackoffMs: Math.round(retry.max_backoff_seconds * 1000),
  };
}
