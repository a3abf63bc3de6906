import type { Clock } from "../../../../kernel/util/clock.ts";
import type { ChunkExtractor } from "../extraction/chunk-extractor.ts";
import type { DescriptionMerger } from "../merge/merge-descriptions.ts";
import type { AskModels } from "../models/model-probe.ts";
import type { EmbeddingModel } from "../models/models.ts";
import type { Folder } from "../storage/folder.ts";
import type { Chunking } from "../text/chunking.ts";

/** What the stages of indexing work with. */
export interface IndexingContext extends DescriptionMerger {
  folder: Folder;
  extractor: ChunkExtractor;
  embedding: EmbeddingModel;
  /** Whether the models answer at all. */
  askModels: AskModels;
  chunking: Chunking;
  clock: Clock;
}
