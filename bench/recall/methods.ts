import { atOnce } from "../../src/kernel/util/pieces.ts";
import { ChunkIndex } from "../../src/sinks/lightrag/embedded/query/chunk-index.ts";
import { questionTermsOf } from "../../src/sinks/lightrag/embedded/query/search-terms.ts";
import { queryModes } from "../../src/sinks/lightrag/knowledge-reader.ts";
import { type Analyser, bm25, plainWords, stemmedWords } from "./bm25.ts";
import { type Conversation, embedder, memoryOf, signal } from "./conversation.ts";

/** How many memories of a ranking are looked at. */
export const depth = 10;

/** A way to find memories: the ids of the best ones for a question, best first. */
export type Find = (question: string) => Promise<string[]> | string[];

export interface Method {
  name: string;
  kind: "baseline" | "part" | "mode";
  prepare(conversation: Conversation): Find;
}

export const methods: readonly Method[] = [
  baseline("BM25, words", plainWords),
  baseline("BM25, stems", stemmedWords),
  baseline("BM25, stems, with header", stemmedWords, "document"),
  { name: "vectors alone", kind: "part", prepare: byVectors },
  part("own words alone", (index, terms) => atOnce(index.scoresOf(terms)).own),
  part("words of neighbours too", (index, terms) => atOnce(index.scoresOf(terms)).context),
  ...queryModes.map((mode): Method => ({ name: mode, kind: "mode", prepare: (of) => byMode(of, mode) })),
];

function baseline(name: string, analyse: Analyser, of: "transcript" | "document" = "transcript"): Method {
  const prepare = ({ memories, documents }: Conversation): Find => {
    const texts =
      of === "document" ? documents.map(({ text }) => text) : memories.map((memory) => memory.transcript);
    const ids =
      of === "document" ? documents.map((each) => memoryOf(each.fileSource)) : memories.map(({ id }) => id);
    const score = bm25(texts, analyse);
    return (question) => best(ids, score(question));
  };
  return { name, kind: "baseline", prepare };
}

function part(name: string, scoresOf: (index: ChunkIndex, terms: string[]) => Float64Array): Method {
  const prepare = ({ client }: Conversation): Find => {
    const { chunks } = client.stores;
    const index = atOnce(ChunkIndex.of(chunks));
    const ids = index.ids.map((id) => memoryOf(chunks.get(id ?? "")?.file_path ?? ""));
    return (question) => best(ids, scoresOf(index, questionTermsOf(question)));
  };
  return { name, kind: "part", prepare };
}

function byVectors({ client }: Conversation): Find {
  return async (question) => {
    const [vector = new Float32Array()] = await embedder.embed([question], signal);
    const { chunkVectors } = client.stores;
    return atOnce(chunkVectors.nearest(vector, depth, 0)).map(({ id }) =>
      memoryOf(chunkVectors.payload(id)?.file_path ?? ""),
    );
  };
}

/** As `query` finds them. */
export function byMode({ client }: Conversation, mode: (typeof queryModes)[number]): Find {
  const reader = client.knowledge();
  return async (question) => {
    const query = { question, mode, topK: 40, chunkTopK: depth, answer: false };
    const { chunks } = await reader.query(query, signal);
    return chunks.map(({ fileSource }) => memoryOf(fileSource));
  };
}

function best(ids: readonly string[], scores: ArrayLike<number>): string[] {
  return ids
    .map((id, at) => ({ id, at, score: scores[at] ?? 0 }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, depth)
    .map(({ id }) => id);
}
