import { json } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { startHttpServer } from "../../../../../test/support/http-server.ts";
import type { ChatMessage, EmbeddingModel } from "./models.ts";
import { OpenAiChat } from "./openai-chat.ts";
import { openAiEmbedding } from "./openai-embedding.ts";

interface Received {
  path: string | undefined;
  authorization: string | undefined;
  body: { input?: string[] } & Record<string, unknown>;
}

interface Reply {
  status?: number;
  body: unknown;
}

const signal = new AbortController().signal;
const question: ChatMessage[] = [{ role: "user", content: "Who?" }];
const quick = { retry: { maxRetries: 1, baseMs: 1, multiplier: 1, capMs: 1 }, random: () => 0 };

/** An endpoint that answers as `reply` says and keeps what it got. */
async function endpoint(reply: (received: Received) => Reply) {
  const received: Received[] = [];
  const server = await startHttpServer(async (request, response) => {
    const got = {
      path: request.url,
      authorization: request.headers.authorization,
      body: (await json(request)) as Received["body"],
    };
    received.push(got);
    const { status = 200, body } = reply(got);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  return { baseUrl: `${server.url}/v1`, received };
}

function chatAt(baseUrl: string): OpenAiChat {
  const chat = new OpenAiChat({ baseUrl, model: "m", apiKey: "secret", ...quick });
  onTestFinished(() => chat.close());
  return chat;
}

async function embeddingAt(baseUrl: string, dimension?: number): Promise<EmbeddingModel> {
  const embedding = await openAiEmbedding({ baseUrl, model: "e", dimension, ...quick }, signal);
  onTestFinished(() => embedding.close?.());
  return embedding;
}

function said(content: string | null, finish_reason = "stop"): Reply {
  return { body: { choices: [{ message: { role: "assistant", content }, finish_reason }] } };
}

/** A vector of two numbers: how long the text is, and 1. */
function vectorOf(text: string): Float32Array {
  return Float32Array.of(text.length, 1);
}

test("a chat model gets the messages and gives its text", async () => {
  const { baseUrl, received } = await endpoint(({ body }) =>
    said("Ada", body.response_format === undefined ? "stop" : "length"),
  );
  const chat = chatAt(baseUrl);
  expect(await chat.complete(question, {}, signal)).toEqual({ text: "Ada", truncated: false });
  expect(await chat.complete(question, { json: true }, signal)).toEqual({ text: "Ada", truncated: true });
  const request = { path: "/v1/chat/completions", authorization: "Bearer secret" };
  expect(received).toEqual([
    { ...request, body: { model: "m", messages: question } },
    { ...request, body: { model: "m", messages: question, response_format: { type: "json_object" } } },
  ]);
  expect(chat.id).not.toContain("secret");
});

test("a chat model that says nothing is asked again, but not without end", async () => {
  let answers = 0;
  const silentOnce = await endpoint(() => said(answers++ === 0 ? null : "Ada"));
  expect((await chatAt(silentOnce.baseUrl).complete(question, {}, signal)).text).toBe("Ada");
  const silent = await endpoint(() => said(" "));
  await expect(chatAt(silent.baseUrl).complete(question, {}, signal)).rejects.toMatchObject({
    code: "MODEL_ANSWER_UNUSABLE",
  });
  expect(silent.received).toHaveLength(3);
});

test.each([
  [401, {}, "MODEL_KEY_REFUSED", 1],
  [404, {}, "MODEL_UNKNOWN", 1],
  [400, {}, "MODEL_REQUEST_REFUSED", 1],
  [429, { error: { code: "insufficient_quota" } }, "MODEL_QUOTA", 2],
  [429, {}, "MODEL_BUSY", 2],
  [503, {}, "MODEL_BUSY", 2],
  [200, { no: "choices" }, "MODEL_ANSWER_UNUSABLE", 1],
])("an answer of %i %o is %s after %i attempts", async (status, body, code, attempts) => {
  const { baseUrl, received } = await endpoint(() => ({ status, body }));
  const failure = await chatAt(baseUrl)
    .complete(question, {}, signal)
    .catch((error: unknown) => error);
  expect(failure).toMatchObject({ code, subject: expect.stringContaining("m@127.0.0.1") });
  expect(String(failure)).not.toMatch(/secret|Who/u);
  expect(received).toHaveLength(attempts);
});

test("an endpoint that is not there is unreachable", async () => {
  await expect(chatAt("http://127.0.0.1:9/v1").complete(question, {}, signal)).rejects.toMatchObject({
    code: "MODEL_UNREACHABLE",
  });
});

test("a cancelled call ends as cancelled", async () => {
  const { baseUrl } = await endpoint(() => said("late"));
  const cancel = new AbortController();
  cancel.abort();
  await expect(chatAt(baseUrl).complete(question, {}, cancel.signal)).rejects.toMatchObject({
    code: "CANCELLED",
  });
});

test.each(["base64", "float"])(
  "texts go in tens and come back as vectors in their order, sent as %s",
  async (form) => {
    const { baseUrl, received } = await endpoint(({ body }) => {
      const data = (body.input ?? []).map((text, index) => {
        const vector = vectorOf(text);
        return {
          index,
          embedding: form === "float" ? [...vector] : Buffer.from(vector.buffer).toString("base64"),
        };
      });
      return { body: { data: data.toReversed() } };
    });
    const texts = Array.from({ length: 23 }, (_, i) => "x".repeat(i));
    const embedding = await embeddingAt(baseUrl, 2);
    expect(await embedding.embed(texts, signal)).toEqual(texts.map(vectorOf));
    expect(received.map(({ body }) => body.input?.length).toSorted()).toEqual([10, 10, 3]);
    expect(await embedding.embed([], signal)).toEqual([]);
  },
);

test("a model whose dimension is not configured is asked for it", async () => {
  const { baseUrl, received } = await endpoint(() => ({ body: { data: [{ embedding: [1, 2, 3] }] } }));
  expect((await embeddingAt(baseUrl)).dimension).toBe(3);
  expect(received).toHaveLength(1);
});

test.each([
  ["too short", [1], "MODEL_DIMENSION_CHANGED"],
  ["too long", [1, 2, 3], "MODEL_DIMENSION_CHANGED"],
  ["zero", [0, 0], "MODEL_ANSWER_UNUSABLE"],
  ["null", null, "MODEL_ANSWER_UNUSABLE"],
  ["made of texts", ["1", "2"], "MODEL_ANSWER_UNUSABLE"],
  ["cut in the middle of a number", "AAAAAAA=", "MODEL_ANSWER_UNUSABLE"],
])("a vector that is %s is not taken", async (_case, embedding, code) => {
  const { baseUrl } = await endpoint(() => ({ body: { data: [{ embedding }] } }));
  const model = await embeddingAt(baseUrl, 2);
  await expect(model.embed(["a"], signal)).rejects.toMatchObject({ code });
});

test("an answer with fewer vectors than texts is not taken", async () => {
  const { baseUrl } = await endpoint(() => ({ body: { data: [] } }));
  const model = await embeddingAt(baseUrl, 2);
  await expect(model.embed(["a"], signal)).rejects.toMatchObject({ code: "MODEL_ANSWER_UNUSABLE" });
});
