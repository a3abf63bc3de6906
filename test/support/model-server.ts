import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import {
  answerChat,
  type CallKind,
  type ChatCall,
  type ChatRequest,
  embed,
  readChat,
} from "./model-server-answers.ts";

import { type AnswerFault, badAnswers, type WireAnswer } from "./model-server-faults.ts";

/** What goes wrong at the model, until it is set back. A stand-alone server takes the same object at `PUT /faults`. */
export interface ModelFaults {
  /** Extraction of a chunk that contains this text is refused with 400, which LightRAG does not try again. */
  refuseText?: string;
  /** Every call is answered 429, as an account without money or one that asks too often gets it. */
  refuseAll?: "insufficient_quota" | "rate_limit_exceeded" | "invalid_api_key";
  /** Calls are taken and never answered. */
  hang?: boolean;
  /** Added to every answer. Milliseconds. */
  latencyMs?: number;
  /** Bad answers, see `model-server-faults.ts`. */
  bad?: AnswerFault[];
  /** An embedding of more words than this is refused as too long for the model. */
  maxWords?: number;
  /** Vectors have this length, whatever the server was started with. */
  dimensions?: number;
  /** What a chat call is answered, instead of the scripted words; undefined lets them stand. Not over `PUT /faults`. */
  say?: (call: ChatCall) => string | undefined;
}

export interface ModelServerOptions {
  /** 0, the default, takes a free one. */
  port?: number;
  /** Length of the vectors. Default 32. */
  dimensions?: number;
  faults?: ModelFaults;
}

/** A scripted OpenAI-compatible server for chat and embeddings on loopback. */
export interface ModelServer {
  /** Base URL with `/v1`, as LightRAG's `LLM_BINDING_HOST` wants it. */
  readonly url: string;
  readonly dimensions: number;
  /** Replace to change what goes wrong from now on. */
  faults: ModelFaults;
  /** Calls by kind, refused ones too. */
  readonly calls: Record<CallKind, number>;
  /** Of each request the header `traceparent`. */
  readonly traceparents: unknown[];
  stop(): Promise<void>;
}

const refusals = {
  insufficient_quota: { status: 429, message: "You exceeded your current quota, please check your plan." },
  rate_limit_exceeded: { status: 429, message: "Rate limit reached for requests." },
  invalid_api_key: { status: 401, message: "Incorrect API key provided." },
} as const;

export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const server = createServer();
  const model: ModelServer = {
    url: "",
    dimensions: options.dimensions ?? 32,
    faults: options.faults ?? {},
    calls: { extraction: 0, gleaning: 0, summary: 0, keywords: 0, answer: 0, embedding: 0 },
    traceparents: [],
    stop: () => stop(server),
  };
  server.on("request", (request, response) => void respond(model, request, response));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(model, { url: `http://127.0.0.1:${port}/v1` });
}

async function respond(
  model: ModelServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  model.traceparents.push(request.headers.traceparent);
  try {
    const body = await readJson(request);
    if (request.url === "/faults") model.faults = body as ModelFaults;
    else if (request.url === "/v1/embeddings")
      return await embeddings(model, body as EmbeddingRequest, response);
    else if (request.url === "/v1/chat/completions") return await chat(model, body as ChatRequest, response);
    else return refuse(response, 404, "not_found", `no such route: ${request.url}`);
    send(response, 200, model.faults);
  } catch (error) {
    if (response.writable) refuse(response, 500, "defect", String(error));
  }
}

interface EmbeddingRequest {
  input: string | string[];
  encoding_format?: string;
}

async function embeddings(
  model: ModelServer,
  body: EmbeddingRequest,
  response: ServerResponse,
): Promise<void> {
  model.calls.embedding += 1;
  const texts = [body.input].flat();
  if (await disturbed(model, "", response)) return;
  if (badly(model, "embedding", texts, response)) return;
  const { maxWords = Number.POSITIVE_INFINITY, dimensions = model.dimensions } = model.faults;
  if (texts.some((text) => text.split(/\s+/u).length > maxWords))
    return wire(response, badAnswers["too long"]);
  const data = texts.map((text, index) => {
    const vector = embed(text, dimensions);
    const base64 = Buffer.from(new Float32Array(vector).buffer).toString("base64");
    return { object: "embedding", index, embedding: body.encoding_format === "base64" ? base64 : vector };
  });
  send(response, 200, {
    object: "list",
    model: "scripted",
    data,
    usage: { prompt_tokens: 1, total_tokens: 1 },
  });
}

async function chat(model: ModelServer, body: ChatRequest, response: ServerResponse): Promise<void> {
  const call = readChat(body);
  model.calls[call.kind] += 1;
  if (await disturbed(model, call.subject, response)) return;
  if (badly(model, "chat", [call.subject], response)) return;
  const content = model.faults.say?.(call) ?? answerChat(call);
  const base = { id: "chatcmpl-scripted", created: 0, model: body.model ?? "scripted" };
  if (body.stream === true) {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const choice = { index: 0, delta: { role: "assistant", content }, finish_reason: "stop" };
    const event = { ...base, object: "chat.completion.chunk", choices: [choice] };
    return void response.end(`data: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n`);
  }
  const choice = { index: 0, message: { role: "assistant", content }, finish_reason: "stop" };
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  send(response, 200, { ...base, object: "chat.completion", choices: [choice], usage });
}

/** Plays the faults; true when the call has been answered, or never will be. */
async function disturbed(model: ModelServer, subject: string, response: ServerResponse): Promise<boolean> {
  const { refuseAll, refuseText, hang, latencyMs } = model.faults;
  if (hang === true) return true;
  if (latencyMs !== undefined) await delay(latencyMs);
  if (refuseAll !== undefined) {
    const { status, message } = refusals[refuseAll];
    refuse(response, status, refuseAll, message);
    return true;
  }
  if (refuseText === undefined || !subject.includes(refuseText)) return false;
  refuse(response, 400, "content_policy_violation", "The scripted model refuses this text.");
  return true;
}

/** Plays the first bad answer that is meant for these texts; true when there was one. */
function badly(
  model: ModelServer,
  of: AnswerFault["of"],
  texts: string[],
  response: ServerResponse,
): boolean {
  const fault = model.faults.bad?.find(
    (it) => it.of === of && it.times !== 0 && texts.some((text) => text.includes(it.text ?? "")),
  );
  if (fault === undefined) return false;
  if (fault.times !== undefined) fault.times -= 1;
  wire(response, badAnswers[fault.answer], texts.join("\n"));
  return true;
}

function wire(response: ServerResponse, answer: WireAnswer, asked = ""): void {
  const { status, contentType = "application/json", breaks = false, quotes = false } = answer;
  if (breaks) return void response.destroy();
  const body = quotes ? { error: { message: `Cannot be processed: ${asked}` } } : answer.body;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": contentType }).end(text);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  send(response, status, { error: { message, type: code, param: null, code } });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return pieces.length === 0 ? {} : JSON.parse(Buffer.concat(pieces).toString("utf8"));
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
