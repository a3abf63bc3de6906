import type { Clock } from "../../../../kernel/util/clock.ts";
import type { ChunkExtractor } from "../extraction/answers.ts";
import type { DescriptionMerger } from "../merge/merge-descriptions.ts";
import type { AskModels } from "../models/model-probe.ts";
import type { EmbeddingModel } from "../models/models.ts";
import type { Folder } from "../storage/folder.ts";
import type { Chunking } from "../text/chunking.ts";

/** The dependencies of the stages of indexing. */
export interface IndexingContext extends DescriptionMerger {
  folder: Folder;
  extractor: ChunkExtractor;
  embedding: EmbeddingModel;
  /** Probes whether the models answer at all. */
  askModels: AskModels;
  chunking: Chunking;
  clock: Clock;
}
