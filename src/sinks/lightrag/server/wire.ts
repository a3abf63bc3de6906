import { z } from "zod";

/** A token that is invalid in a header would make every later call fail before it is sent. */
const token = z.string().regex(/^[\x21-\x7e]+$/u);

/** The parts of LightRAG's answers that the client uses. Lenient: fields differ between releases. */

export const authStatusAnswer = z.object({
  auth_configured: z.boolean(),
  access_token: token.optional(),
  core_version: z.string().optional(),
});

export const healthAnswer = z.object({
  core_version: z.string().optional(),
  pipeline_busy: z.boolean().optional(),
  /** Since 1.5.5: busy, scanning, deleting, or storing an insert. */
  pipeline_active: z.boolean().optional(),
  /** Since 1.5.5 only for authenticated callers. */
  configuration: z.object({ workspace: z.string().nullish() }).optional(),
});

export const loginAnswer = z.object({ access_token: token });

export const insertAnswer = z.object({ status: z.string(), track_id: z.string().nullish() });

export const deleteAnswer = z.object({ status: z.string(), message: z.string().nullish() });

export const pipelineStatusAnswer = z.object({
  busy: z.boolean().nullish(),
  job_name: z.string().nullish(),
  history_messages: z.array(z.string()).nullish(),
});

export const reprocessAnswer = z.object({ status: z.string() });

export const statusCountsAnswer = z.object({ status_counts: z.record(z.string(), z.number()) });

export const documentRow = z.object({
  id: z.string(),
  file_path: z.string().nullish(),
  status: z.string(),
  track_id: z.string().nullish(),
  chunks_count: z.number().nullish(),
  error_msg: z.string().nullish(),
  content_summary: z.string().nullish(),
  content_length: z.number().nullish(),
  updated_at: z.string().nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});
export type DocumentRow = z.infer<typeof documentRow>;

export const trackAnswer = z.object({ documents: z.array(documentRow) });

export const listingAnswer = z.object({
  documents: z.array(documentRow),
  pagination: z.object({ total_count: z.number(), total_pages: z.number() }),
});
