import { expect, test } from "vitest";
import { type ParsedAnswer, parseTextAnswer } from "../extraction/parse-answer.ts";
import { loadTokenizer } from "../text/tokenizer.ts";
import { ChunkIds } from "./chunk-ids.ts";
import { ExtractiveSummariser } from "./extractive-summariser.ts";
import type { Knowledge } from "./knowledge.ts";
import { KnowledgeStage } from "./knowledge-stage.ts";
import { collectMentions, mergeDocument } from "./merge-document.ts";
import { purgeKnowledge } from "./purge-knowledge.ts";

const tokenizer = await loadTokenizer();
const context = {
  tokenizer,
  summariser: new ExtractiveSummariser(tokenizer),
  time: 1,
  signal: new AbortController().signal,
};

const nothing: Knowledge = {
  entity: () => undefined,
  relation: () => undefined,
  relationsOf: () => [],
  entityChunks: () => undefined,
  relationChunks: () => undefined,
};

/** What a document of one chunk says; the chunk and the file are named after it. */
function said(document: string, ...records: string[]): ParsedAnswer {
  return parseTextAnswer(records.join("\n"), {
    chunkId: `${document}-chunk-000`,
    fileSource: `${document}.md`,
  });
}

async function merge(stage: KnowledgeStage, ...answers: ParsedAnswer[]): Promise<void> {
  await mergeDocument(collectMentions(answers), { ...context, stage });
}

function ada(description: string, type = "person"): string {
  return `entity<|#|>Ada<|#|>${type}<|#|>${description}`;
}

function adaAndBen(description: string, keywords = "friend"): string {
  return `relation<|#|>Ben<|#|>Ada<|#|>${keywords}<|#|>${description}`;
}

test("a type is what most say; a stored type counts once and loses a tie", async () => {
  const stage = new KnowledgeStage(nothing);
  await merge(stage, said("a", ada("one", "person")));
  await merge(stage, said("b", ada("two", "writer")));
  expect(stage.entity("Ada")?.entity_type).toBe("writer");
  await merge(stage, said("c", ada("three", "poet"), ada("four", "writer")));
  expect(stage.entity("Ada")?.entity_type).toBe("writer");
});

test("a relation's missing ends are created from it, its existing ends get its sources and not its file", async () => {
  const stage = new KnowledgeStage(nothing);
  await merge(stage, said("a", ada("one")));
  await merge(stage, said("b", adaAndBen("they met", "work, friend")));
  expect(stage.entity("Ben")).toMatchObject({
    entity_type: "UNKNOWN",
    description: "they met",
    file_path: "b.md",
  });
  expect(stage.entity("Ada")).toMatchObject({ source_id: "a-chunk-000<SEP>b-chunk-000", file_path: "a.md" });
  expect(stage.relation("Ada", "Ben")).toMatchObject({
    weight: 1,
    keywords: "friend,work",
    description: "they met",
  });
  await merge(stage, said("c", adaAndBen("they parted", "family")));
  expect(stage.relation("Ben", "Ada")).toMatchObject({
    weight: 2,
    keywords: "family,friend,work",
    description: "they met<SEP>they parted",
  });
});

test("a description is kept once; of several in one chunk the longer comes first", async () => {
  const stage = new KnowledgeStage(nothing);
  await merge(stage, said("a", ada("b"), ada("longer"), ada("b")), said("a2", ada("z")));
  await merge(stage, said("c", ada("longer"), ada("new")));
  expect(stage.entity("Ada")?.description).toBe("longer<SEP>b<SEP>z<SEP>new");
});

test("after 200 chunks an entity and a relation stay as they are; only their provenance goes on", async () => {
  const stage = new KnowledgeStage(nothing);
  for (let i = 0; i < 200; i++) await merge(stage, said(`d${i}`, ada(`says ${i}`), adaAndBen(`with ${i}`)));
  const [entity, relation] = [stage.entity("Ada"), stage.relation("Ada", "Ben")];
  for (let i = 200; i < 205; i++)
    await merge(stage, said(`d${i}`, ada("unheard of"), adaAndBen("unheard of")));
  expect(stage.entity("Ada")).toEqual(entity);
  expect(stage.relation("Ada", "Ben")).toEqual(relation);
  expect(entity?.source_id.split("<SEP>")).toHaveLength(200);
  expect(entity?.file_path.split("<SEP>").slice(-2)).toEqual(["d74.md", "...truncated...(KEEP Old)"]);
  expect(stage.entityChunks("Ada")?.size).toBe(205);
  expect(stage.relationChunks("Ada<SEP>Ben")?.size).toBe(205);
});

test("merging a document twice changes nothing", async () => {
  const stage = new KnowledgeStage(nothing);
  const document = said("a", ada("one"), adaAndBen("they met"));
  await merge(stage, document);
  const before = [stage.entity("Ada"), stage.entity("Ben"), stage.relation("Ada", "Ben")];
  await merge(stage, document);
  expect([stage.entity("Ada"), stage.entity("Ben"), stage.relation("Ada", "Ben")]).toEqual(before);
});

test("what a stage holds reaches the one below only when it is absorbed", async () => {
  const below = new KnowledgeStage(nothing);
  await merge(below, said("a", ada("one")));
  const above = new KnowledgeStage(below);
  await merge(above, said("b", ada("two"), adaAndBen("they met")));
  expect(below.entity("Ada")?.description).toBe("one");
  expect(below.relationsOf("Ada")).toEqual([]);
  below.absorb(above);
  expect(below.entity("Ada")?.description).toBe("one<SEP>two");
  expect([...(below.entityChunks("Ada") ?? [])]).toEqual(["a-chunk-000", "b-chunk-000"]);
  expect(below.relationsOf("Ada")).toHaveLength(1);
});

test("a purge takes out what only the document said and makes the rest anew", async () => {
  const stage = new KnowledgeStage(nothing);
  const documents = new Map([
    ["a", said("a", ada("one"), "entity<|#|>Eve<|#|>person<|#|>leaves", adaAndBen("they met"))],
    ["b", said("b", ada("two", "poet"), adaAndBen("they work", "work"))],
  ]);
  for (const answer of documents.values()) await merge(stage, answer);
  const statements = (chunkId: string) => documents.get(chunkId.replace("-chunk-000", ""));
  const contribution = {
    chunkIds: ["a-chunk-000"],
    entities: ["Ada", "Ben", "Eve", "Nobody"],
    relations: [["Ada", "Ben"] as const],
  };
  await purgeKnowledge(contribution, { ...context, stage, statements });
  expect(stage.entity("Eve")).toBeUndefined();
  expect(stage.entityChunks("Eve")).toBeUndefined();
  expect(stage.entity("Ada")).toMatchObject({
    entity_type: "poet",
    description: "two",
    source_id: "b-chunk-000",
  });
  expect(stage.entity("Ben")).toMatchObject({ entity_type: "UNKNOWN", source_id: "b-chunk-000" });
  expect(stage.relation("Ada", "Ben")).toMatchObject({
    weight: 1,
    description: "they work",
    keywords: "work",
  });
});

test("without cached statements a purge keeps the text and corrects the sources", async () => {
  const stage = new KnowledgeStage(nothing);
  await merge(stage, said("a", ada("one"), adaAndBen("they met")));
  await merge(stage, said("b", ada("two"), adaAndBen("they work")));
  const contribution = { chunkIds: ["a-chunk-000"], entities: ["Ada"], relations: [["Ada", "Ben"] as const] };
  await purgeKnowledge(contribution, { ...context, stage, statements: () => undefined });
  expect(stage.entity("Ada")?.source_id).toBe("b-chunk-000");
  expect(stage.relation("Ada", "Ben")).toMatchObject({
    source_id: "b-chunk-000",
    description: "they met<SEP>they work",
  });
});

test("chunk ids keep their order, each once", () => {
  const ids = ChunkIds.of(["a", "b"]).with(["b", "c", "c"]).with(["d"]);
  expect([...ids]).toEqual(["a", "b", "c", "d"]);
  expect(ids.size).toBe(4);
  expect(ids.first(3)).toEqual(["a", "b", "c"]);
  expect(ids.without(new Set(["b", "d"]))).toEqual(["a", "c"]);
  expect(ids.missing(["d", "e", "e"])).toEqual(["e"]);
});

test("keywords are parted at commas as the model said them, and at LightRAG's separator once they were stored", async () => {
  const stage = new KnowledgeStage(nothing);
  await merge(stage, said("a", adaAndBen("they met", "x<SEP>y, work")));
  expect(stage.relation("Ada", "Ben")?.keywords).toBe("work,x<SEP>y");
  await merge(stage, said("b", adaAndBen("they met again", "friend")));
  expect(stage.relation("Ada", "Ben")?.keywords).toBe("friend,work,x,y");
});

test("two names that are one when they are cut make no relation, and the rest of the text counts", async () => {
  const stage = new KnowledgeStage(nothing);
  const long = "n".repeat(300);
  const relation = `relation<|#|>${long}a<|#|>${long}b<|#|>near<|#|>They are near.`;
  await merge(stage, said("a", relation, ada("one")));
  expect([...stage.stagedRelations()]).toEqual([]);
  expect(stage.entity("Ada")?.description).toBe("one");
});

test("pairs whose names are joined into the same text are two relations", async () => {
  const stage = new KnowledgeStage(nothing);
  const relation = (source: string, target: string) =>
    `relation<|#|>${source}<|#|>${target}<|#|>near<|#|>${source} is near ${target}.`;
  await merge(stage, said("a", relation("x<SEP>y", "z"), relation("x", "y<SEP>z")));
  expect(stage.relation("x<SEP>y", "z")?.description).toBe("x<SEP>y is near z.");
  expect(stage.relation("x", "y<SEP>z")?.description).toBe("x is near y<SEP>z.");
});
