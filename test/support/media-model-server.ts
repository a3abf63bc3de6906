import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { startHttpServer } from "./http-server.ts";

/** Media whose bytes are a real beginning and then the words that the models find in them. */
export const mp3 = (words: string): Buffer => Buffer.from(`ID3${words}`);
export const png = (words: string): Buffer => Buffer.concat([pngSignature, Buffer.from(words)]);
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

export interface ModelCall {
  path: string;
  authorization: string | undefined;
  model: string;
  /** The name under which a file was uploaded. */
  fileName: string | null;
  /** What stands in the bytes. */
  words: string;
  language: string | null;
}

/** `breaks`: the connection is ended instead. */
export type ScriptedAnswer = { status: number; body: string } | { breaks: true };

export interface MediaModelServer {
  /** Base URL with the version. */
  url: string;
  calls: ModelCall[];
  /** Called instead of answering; null goes back to normal. */
  answerWith: (answer: ((call: ModelCall) => ScriptedAnswer | undefined) | null) => void;
  /** The most calls that were under way at once. */
  busiest: () => number;
}

/** An OpenAI-compatible endpoint that hears and sees what stands in the bytes. */
export async function startMediaModelServer(): Promise<MediaModelServer> {
  const calls: ModelCall[] = [];
  let scripted: ((call: ModelCall) => ScriptedAnswer | undefined) | null = null;
  let busy = 0;
  let busiest = 0;
  const { url } = await startHttpServer(async (request, response) => {
    busiest = Math.max(busiest, ++busy);
    const { call, answer } = await readCall(request);
    calls.push(call);
    const answered = scripted?.(call) ?? { status: 200, body: JSON.stringify(answer) };
    busy -= 1;
    if ("breaks" in answered) return void response.destroy();
    const { status, body } = answered;
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  return {
    url: `${url}/v1`,
    calls,
    answerWith: (answer) => {
      scripted = answer;
    },
    busiest: () => busiest,
  };
}

async function readCall(request: IncomingMessage): Promise<{ call: ModelCall; answer: unknown }> {
  const path = request.url ?? "";
  const { authorization } = request.headers;
  const body = await buffer(request);
  if (path.endsWith("/audio/transcriptions")) {
    const headers = { "content-type": request.headers["content-type"] ?? "" };
    const form = await new Response(new Uint8Array(body), { headers }).formData();
    const file = form.get("file") as File;
    const words = (await file.text()).slice(3);
    const call = { path, authorization, model: String(form.get("model")), fileName: file.name, words };
    const answer = { text: words };
    return { call: { ...call, language: form.get("language") as string | null }, answer };
  }
  const { model, messages } = JSON.parse(body.toString());
  const [, { image_url: picture }] = messages[0].content;
  const bytes = Buffer.from(picture.url.replace(/^data:image\/png;base64,/u, ""), "base64");
  const [description = "", text = ""] = bytes.subarray(pngSignature.length).toString().split("|");
  const content = JSON.stringify({ description, text });
  const answer = { choices: [{ message: { role: "assistant", content: `Here it is:\n${content}` } }] };
  return { call: { path, authorization, model, fileName: null, words: description, language: null }, answer };
}
