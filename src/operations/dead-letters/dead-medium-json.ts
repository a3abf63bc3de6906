import * as z from "zod";
import type { UnreadMedium } from "../../kernel/util/unread-medium.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";

/** A recording or picture that its model could not read, as `--json` and the API print it. */
export const deadMediumSchema = z.strictObject({
  connectorId: z.string(),
  contextId: z.string(),
  memoryId: z.string(),
  kind: z.enum(["audio", "image"]),
  attempts: countSchema,
  lastAttemptAt: instantSchema,
  error: z.strictObject({ code: z.string(), message: z.string(), hint: z.string() }),
});

export function deadMediumJson(medium: UnreadMedium): z.infer<typeof deadMediumSchema> {
  const { connectorId, contextId, memoryId, kind, failures, failedAt, error } = medium;
  return {
    connectorId,
    contextId,
    memoryId,
    kind,
    attempts: failures,
    lastAttemptAt: isoInstant(failedAt),
    error: { code: error.code, message: error.message, hint: error.hint },
  };
}
