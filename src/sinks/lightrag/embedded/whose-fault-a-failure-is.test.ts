import { expect, onTestFinished, test } from "vitest";
import { type ModelServer, startModelServer } from "../../../../test/support/model-server.ts";
import { type BadAnswer, badAnswers } from "../../../../test/support/model-server-faults.ts";
import { temporaryFolder } from "../../../../test/support/temp-folder.ts";
import type { DocumentRecord, OutgoingDocument } from "../light-rag-client.ts";
import { LightRagDirectClient } from "./light-rag-direct-client.ts";
import { OpenAiChat } from "./models/openai-chat.ts";
import { openAiEmbedding } from "./models/openai-embedding.ts";

const signal = new AbortController().signal;
const ada: OutgoingDocument = { fileSource: "1.md", text: "Ada Lovelace met Ben Jonson in Paris." };
const eve: OutgoingDocument = { fileSource: "2.md", text: "Eve Adams refuses in Rome." };
const shared = {
  apiKey: "key-of-the-endpoint",
  retry: { maxRetries: 0, baseMs: 1, multiplier: 1, capMs: 1 },
};

async function open(): Promise<{ client: LightRagDirectClient; model: ModelServer }> {
  const model = await startModelServer({ dimensions: 8 });
  const endpoint = { ...shared, baseUrl: model.url, model: "scripted" };
  const embedding = await openAiEmbedding({ ...endpoint, dimension: 8 }, signal);
  const models = { chat: new OpenAiChat(endpoint), embedding };
  const client = new LightRagDirectClient({ workingDir: temporaryFolder(), models });
  await client.connect(signal);
  onTestFinished(async () => {
    await client.close();
    await model.stop();
  });
  return { client, model };
}

async function indexed(
  client: LightRagDirectClient,
  ...documents: OutgoingDocument[]
): Promise<DocumentRecord[]> {
  await client.submit(documents, signal);
  await expect.poll(() => client.isBusy(signal)).toBe(false);
  const refs = documents.map((it) => ({ ...it, documentId: client.predictDocumentId(it) }));
  return (await client.find(refs, signal)).map((record) => record ?? expect.fail("a document is not there"));
}

const chatFaults: [BadAnswer, string][] = [
  ["quota in a good answer", "MODEL_BUSY"],
  ["quota as text", "MODEL_BUSY"],
  ["quota inside a choice", "MODEL_BUSY"],
  ["quota inside a stream", "MODEL_BUSY"],
  ["quota with 403", "MODEL_QUOTA"],
  ["no money", "MODEL_QUOTA"],
  ["overloaded", "MODEL_BUSY"],
  ["wrong key", "MODEL_KEY_REFUSED"],
  ["unknown model", "MODEL_UNKNOWN"],
  ["server error", "MODEL_SERVER_ERROR"],
  ["no choices", "MODEL_ANSWER_UNUSABLE"],
  ["no choice at all", "MODEL_ANSWER_UNUSABLE"],
  ["web page", "MODEL_ANSWER_UNUSABLE"],
  ["cut JSON", "MODEL_ANSWER_UNUSABLE"],
  ["no body", "MODEL_ANSWER_UNUSABLE"],
  ["empty content", "MODEL_ANSWER_UNUSABLE"],
  ["broken connection", "MODEL_UNREACHABLE"],
  ["gateway timed out", "MODEL_BUSY"],
];
const embeddingFaults: [BadAnswer, string][] = [
  ["quota in a good answer", "MODEL_BUSY"],
  ["null vectors", "MODEL_ANSWER_UNUSABLE"],
  ["texts for numbers", "MODEL_ANSWER_UNUSABLE"],
  ["NaN vectors", "MODEL_ANSWER_UNUSABLE"],
  ["too few vectors", "MODEL_ANSWER_UNUSABLE"],
  ["web page", "MODEL_ANSWER_UNUSABLE"],
  ["broken connection", "MODEL_UNREACHABLE"],
];

test.each([
  ...chatFaults.map(([answer, code]) => ({ of: "chat" as const, answer, code })),
  ...embeddingFaults.map(([answer, code]) => ({ of: "embedding" as const, answer, code })),
])("$answer to every $of call is nobody's text: $code, and deliveries rest", async ({ of, answer, code }) => {
  const { client, model } = await open();
  model.faults = { bad: [{ of, answer }] };
  for (const record of await indexed(client, ada, eve)) {
    expect(record).toMatchObject({ status: "failed", errorCode: code, modelUnavailable: true });
  }
});

test.each([
  ["chat", "server error", "MODEL_SERVER_ERROR"],
  ["chat", "no choices", "MODEL_ANSWER_UNUSABLE"],
  ["chat", "content filter", "MODEL_REQUEST_REFUSED"],
  ["chat", "refused content", "MODEL_REQUEST_REFUSED"],
  ["chat", "cut before the first word", "MODEL_ANSWER_UNUSABLE"],
  ["chat", "too long", "MODEL_CONTEXT_EXCEEDED"],
  ["chat", "prose", "MODEL_ANSWER_UNREADABLE"],
  ["chat", "fenced JSON", "MODEL_ANSWER_UNREADABLE"],
  ["embedding", "NaN vectors", "MODEL_ANSWER_UNUSABLE"],
  ["embedding", "null vectors", "MODEL_ANSWER_UNUSABLE"],
  ["embedding", "too few vectors", "MODEL_ANSWER_UNUSABLE"],
  ["embedding", "server error", "MODEL_SERVER_ERROR"],
  ["embedding", "too long", "MODEL_CONTEXT_EXCEEDED"],
  ["chat", "broken connection", "MODEL_UNREACHABLE"],
  ["embedding", "broken connection", "MODEL_UNREACHABLE"],
  ["chat", "gateway timed out", "MODEL_BUSY"],
  ["embedding", "gateway timed out", "MODEL_BUSY"],
] as const)("%s: %s to one text is that text's failure, and the others go on", async (of, answer, code) => {
  const { client, model } = await open();
  model.faults = { bad: [{ of, answer, text: "Eve" }] };
  const [good, bad] = await indexed(client, ada, eve);
  expect(good).toMatchObject({ status: "processed" });
  expect(bad).toMatchObject({ status: "failed", errorCode: code, modelUnavailable: false });
});

test.each([
  ["chat", "quotes the text", "MODEL_REQUEST_REFUSED"],
  ["embedding", "quotes the text", "MODEL_REQUEST_REFUSED"],
  ["chat", "quotes the text in a good answer", "MODEL_ANSWER_UNUSABLE"],
  ["embedding", "quotes the text in a good answer", "MODEL_ANSWER_UNUSABLE"],
] as const)("%s: an answer that %s is not judged by the words of the memory", async (of, answer, code) => {
  const { client, model } = await open();
  model.faults = { bad: [{ of, answer, text: "Eve" }] };
  const speaking = { ...eve, text: `Eve: rate limit, quota exceeded, insufficient_quota, invalid api key!` };
  const [good, bad] = await indexed(client, ada, speaking);
  expect(good).toMatchObject({ status: "processed" });
  expect(bad).toMatchObject({ status: "failed", errorCode: code, modelUnavailable: false });
});

test("prose that repeats a memory's words is no quota", async () => {
  const { client, model } = await open();
  const prose = "The text tells of a rate limit.";
  model.faults = { say: ({ subject }) => (subject.includes("rate limit") ? prose : undefined) };
  const [good, bad] = await indexed(client, ada, { ...eve, text: "Eve spoke about her rate limit." });
  expect(good).toMatchObject({ status: "processed" });
  expect(bad).toMatchObject({ errorCode: "MODEL_ANSWER_UNREADABLE", modelUnavailable: false });
});

test("a readable answer that finds nothing is an answer", async () => {
  const { client, model } = await open();
  model.faults = { bad: [{ of: "chat", answer: "nothing found" }] };
  expect(await indexed(client, ada)).toMatchObject([{ status: "processed", chunks: 1 }]);
});

test("a failure shows the endpoint's words, and never a key", async () => {
  const { client, model } = await open();
  model.faults = {
    bad: [
      { of: "chat", answer: "quota in a good answer", text: "Lovelace" },
      { of: "chat", answer: "wrong key" },
    ],
  };
  const [limited, refused] = await indexed(client, ada, eve);
  expect(limited?.error).toContain("Rate limit exceeded: 8 requests per minute");
  expect(refused?.error).toContain("Incorrect API key provided: ***");
  expect(refused?.error).not.toContain("sk-abcdefgh");
});

test("vectors of another length end the work with a code, and every document stays as it was", async () => {
  const { client, model } = await open();
  model.faults = { dimensions: 12 };
  await client.submit([ada, eve], signal);
  const refs = [ada, eve].map((it) => ({ ...it, documentId: client.predictDocumentId(it) }));
  await expect
    .poll(() =>
      client.find(refs, signal).then(
        () => null,
        (error) => error.code,
      ),
    )
    .toBe("MODEL_DIMENSION_CHANGED");
  model.faults = {};
  await client.connect(signal);
  expect((await client.find(refs, signal)).map((record) => record?.status)).toEqual(["pending", "pending"]);
  await client.resumeInterrupted(signal);
  await expect.poll(() => client.isBusy(signal)).toBe(false);
  expect((await client.find(refs, signal)).map((record) => record?.status)).toEqual([
    "processed",
    "processed",
  ]);
});

test("every bad answer of the model server is tried", () => {
  const tried = new Set([...chatFaults, ...embeddingFaults].map(([answer]) => answer));
  const single = [
    "content filter",
    "refused content",
    "cut before the first word",
    "too long",
    "prose",
    "fenced JSON",
    "nothing found",
    "quotes the text",
    "quotes the text in a good answer",
  ];
  expect(new Set([...tried, ...single])).toEqual(new Set(Object.keys(badAnswers)));
});
