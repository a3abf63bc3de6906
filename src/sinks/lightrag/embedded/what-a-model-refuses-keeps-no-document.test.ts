import { expect, onTestFinished, test } from "vitest";
import { startModelServer } from "../../../../test/support/model-server.ts";
import { temporaryFolder } from "../../../../test/support/temp-folder.ts";
import { LightRagDirectClient } from "./light-rag-direct-client.ts";
import { OpenAiChat } from "./models/openai-chat.ts";
import { openAiEmbedding } from "./models/openai-embedding.ts";

const signal = new AbortController().signal;
const retry = { maxRetries: 0, baseMs: 1, multiplier: 1, capMs: 1 };
/** So many that what they say of a name has to be summed up. */
const documents = Array.from({ length: 11 }, (_, index) => ({
  fileSource: `${index}.md`,
  text: `Eve Adams met Guest${index} Smith in Rome. Ben Jonson slept.`,
}));

async function indexed() {
  const model = await startModelServer({ dimensions: 8 });
  const endpoint = { apiKey: "key", retry, baseUrl: model.url, model: "scripted" };
  const embedding = await openAiEmbedding({ ...endpoint, dimension: 8 }, signal);
  const models = { chat: new OpenAiChat(endpoint), embedding };
  const client = new LightRagDirectClient({ workingDir: temporaryFolder(), models });
  onTestFinished(async () => {
    await client.close();
    await model.stop();
  });
  await client.connect(signal);
  await client.submit(documents, signal);
  await expect.poll(() => client.isBusy(signal), { timeout: 20_000 }).toBe(false);
  const ids = documents.map((document) => client.predictDocumentId(document));
  const held = () => documents.length - ids.filter((id) => !client.stores.documentStatus.has(id)).length;
  return { client, model, ids, held };
}

test.each([
  ["chat", "refused content", "MODEL_REQUEST_REFUSED"],
  ["chat", "content filter", "MODEL_REQUEST_REFUSED"],
  ["chat", "too long", "MODEL_CONTEXT_EXCEEDED"],
  ["chat", "server error", "MODEL_SERVER_ERROR"],
  ["chat", "broken connection", "MODEL_UNREACHABLE"],
  ["embedding", "refused content", "MODEL_REQUEST_REFUSED"],
  ["embedding", "too long", "MODEL_CONTEXT_EXCEEDED"],
  ["embedding", "null vectors", "MODEL_ANSWER_UNUSABLE"],
] as const)(
  "%s: %s to what is made anew of one name keeps no deleted document, and is named",
  async (of, answer, code) => {
    const { client, model, ids, held } = await indexed();
    model.faults = { bad: [{ of, answer, text: "Eve Adams" }] };
    const refused = await client.remove(ids.slice(0, 2), signal);
    expect(held()).toBe(9);
    expect(new Set(refused.map((error) => error.code))).toEqual(new Set([code]));
    expect(refused[0]?.message).toContain("Eve Adams");
    const eve = client.stores.graph.entity("Eve Adams")?.description ?? "";
    expect(eve).toContain("Eve Adams met Gue");
    expect(eve).not.toMatch(/Guest[01] /u);
    expect(client.stores.graph.entity("Ben Jonson")?.description).toContain("Ben Jonson");
    expect(client.stores.graph.entity("Guest0 Smith")).toBeUndefined();
  },
);

test.each(["overloaded", "quota with 403", "server error"] as const)(
  "while every text is answered by %s nothing is deleted and nothing put together without the model",
  async (answer) => {
    const { client, model, ids, held } = await indexed();
    const before = client.stores.graph.entity("Eve Adams");
    model.faults = { bad: [{ of: "chat", answer }] };
    await expect(client.remove(ids.slice(0, 2), signal)).rejects.toThrow(/scripted/u);
    expect(held()).toBe(documents.length);
    expect(client.stores.graph.entity("Eve Adams")).toEqual(before);
  },
);
