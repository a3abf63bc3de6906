import { z } from "zod";

/** The parts of LightRAG's answers about its knowledge that are read (LightRAG contract §6). */

const entityRow = z.object({
  entity_name: z.string(),
  entity_type: z.string().nullish(),
  description: z.string().nullish(),
  file_path: z.string().nullish(),
});
export type EntityRow = z.infer<typeof entityRow>;

const relationRow = z.object({
  src_id: z.string(),
  tgt_id: z.string(),
  keywords: z.string().nullish(),
  description: z.string().nullish(),
  weight: z.number().nullish(),
  file_path: z.string().nullish(),
});
export type RelationRow = z.infer<typeof relationRow>;

const chunkRow = z.object({
  content: z.string(),
  file_path: z.string().nullish(),
  chunk_id: z.string().nullish(),
});

const keywordLists = z.object({
  high_level: z.array(z.string()).default([]),
  low_level: z.array(z.string()).default([]),
});

/** `data` is empty when nothing was found; then `status` is `failure`. */
export const queryDataAnswer = z.object({
  data: z.object({
    entities: z.array(entityRow).default([]),
    relationships: z.array(relationRow).default([]),
    chunks: z.array(chunkRow).default([]),
  }),
  metadata: z.object({ keywords: keywordLists.nullish() }).nullish(),
});
export type QueryData = z.infer<typeof queryDataAnswer>;

export const answerAnswer = z.object({
  response: z.string(),
  references: z.array(z.object({ file_path: z.string() })).nullish(),
});

/** Properties are what the graph's storage holds; a server may leave any of them out. */
const properties = z.object({
  entity_type: z.string().nullish(),
  description: z.string().nullish(),
  keywords: z.string().nullish(),
  weight: z.number().nullish(),
  file_path: z.string().nullish(),
  source_id: z.string().nullish(),
  truncate: z.string().nullish(),
});

export const graphAnswer = z.object({
  nodes: z.array(z.object({ id: z.string(), properties })),
  edges: z.array(z.object({ source: z.string(), target: z.string(), properties })),
  is_truncated: z.boolean().nullish(),
});

export type GraphAnswer = z.infer<typeof graphAnswer>;

export const labelsAnswer = z.array(z.string());
