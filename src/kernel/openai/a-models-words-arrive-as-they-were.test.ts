import { describe, expect, it, onTestFinished } from "vitest";
import { startHttpServer } from "../../../test/support/http-server.ts";
import { readChoice } from "./chat-choice.ts";
import { OpenAiEndpoint } from "./openai-endpoint.ts";

const quick = { retry: { maxRetries: 0, baseMs: 1, multiplier: 1, capMs: 1 }, random: () => 0 };

/** What a model has said that answers with these bytes. */
async function saidIn(body: Buffer, contentType: string): Promise<string> {
  const server = await startHttpServer((_, response) => {
    response.writeHead(200, { "content-type": contentType }).end(body);
  });
  const endpoint = new OpenAiEndpoint({ baseUrl: server.url, model: "m", ...quick });
  onTestFinished(() => endpoint.close());
  return readChoice(await endpoint.post(["chat", "completions"], {}, new AbortController().signal), "m").text;
}

function answer(content: string): string {
  return JSON.stringify({ choices: [{ message: { content }, finish_reason: "stop" }] });
}

describe("what a model says arrives as it was", () => {
  it.each([
    ["application/json; charset=iso-8859-1", Buffer.from(answer("Café Zoë"), "latin1")],
    ["application/json; charset=utf-16le", Buffer.from(answer("Café Zoë"), "utf16le")],
    ["application/json", Buffer.from(`\uFEFF${answer("Café Zoë")}`)],
    ["application/json; charset=x-unheard-of", Buffer.from(answer("Café Zoë"))],
  ])("as %s", async (contentType, body) => {
    expect(await saidIn(body, contentType)).toBe("Café Zoë");
  });

  it.each([
    ["bytes of another charset", Buffer.from(answer("Café"), "latin1")],
    ["a character that is cut apart", Buffer.from(answer("Café")).subarray(0, -3)],
    ["bytes among good ones", Buffer.concat([Buffer.from(answer("a")), Buffer.from([0xff])])],
  ])("and is refused with %s, which no other character replaces", async (_, body) => {
    await expect(saidIn(body, "application/json; charset=utf-8")).rejects.toMatchObject({
      code: "MODEL_ANSWER_UNUSABLE",
    });
  });

  it("and half a character at its end is left out, a whole one stays", async () => {
    expect(await saidIn(Buffer.from(answer("on the boat \ud83d\ude00\ud83d")), "application/json")).toBe(
      "on the boat \ud83d\ude00",
    );
  });
});

it("an error in undecodable words is still told from an answer", async () => {
  const body = Buffer.from('{"error":{"message":"Rate limit exceeded, r\xe9essayez"}}', "latin1");
  await expect(saidIn(body, "application/json")).rejects.toMatchObject({ code: "MODEL_BUSY" });
});
