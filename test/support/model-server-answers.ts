import { createHash } from "node:crypto";
import { type Extraction, extract, glean, namesIn } from "./model-server-extraction.ts";

/** One message of a chat request. */
export interface ChatMessage {
  role: string;
  content: string;
}

export interface ChatRequest {
  model?: string;
  messages: ChatMessage[];
  stream?: boolean;
  response_format?: { type: string };
}

/** The kinds of call that LightRAG makes, told apart as the LightRAG contract §8.3 describes. */
export type CallKind = "extraction" | "gleaning" | "summary" | "keywords" | "answer" | "embedding";

/** What a chat request asks for, and the text that it is about. */
export interface ChatCall {
  kind: Exclude<CallKind, "embedding">;
  subject: string;
  json: boolean;
  /** All that the model is shown. */
  shown: string;
}

const field = "<|#|>";
const end = "<|COMPLETE|>";
const inputText = /(?:^---Input Text---|^<Input Text>)\n```\n([\s\S]*)\n```\n/mu;

export function readChat(request: ChatRequest): ChatCall {
  return { ...kindOf(request), shown: request.messages.map(({ content }) => content).join("\n") };
}

function kindOf(request: ChatRequest): Omit<ChatCall, "shown"> {
  const contents = request.messages.map((message) => message.content);
  const last = contents.at(-1) ?? "";
  const json = request.response_format?.type === "json_object";
  // LightRAG 1.4 shows examples with input texts of their own in the system message; only the user's holds the chunk.
  const chunk = inputText.exec(request.messages.find(({ role }) => role === "user")?.content ?? "")?.[1];
  if (chunk !== undefined)
    return { kind: contents.length > 2 ? "gleaning" : "extraction", subject: chunk, json };
  if (last.includes("high_level_keywords")) return { kind: "keywords", subject: afterMarker(last), json };
  if (last.includes("Description List:")) return { kind: "summary", subject: last, json };
  return { kind: "answer", subject: last, json };
}

/** The text of the reply, in the exact format that LightRAG parses (LightRAG contract §8.4 and §8.5). */
export function answerChat(call: ChatCall): string {
  switch (call.kind) {
    case "extraction":
      return formatExtraction(extract(call.subject), call.json);
    case "gleaning":
      return formatExtraction(glean(call.subject), call.json);
    case "keywords":
      return JSON.stringify({ high_level_keywords: ["memory"], low_level_keywords: namesIn(call.subject) });
    case "summary":
      return summarize(call.subject);
    case "answer":
      return `Scripted answer to: ${call.subject}`;
  }
}

/**
 * Unit vector of a text: its words, hashed into the dimensions, over a constant part that keeps every cosine above LightRAG's
 * threshold of 0.2.
 */
export function embed(text: string, dimensions: number): number[] {
  const vector = new Array<number>(dimensions).fill(0.5);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const digest = createHash("sha256").update(word).digest();
    const at = digest.readUInt32LE(0) % dimensions;
    vector[at] = (vector[at] ?? 0) + (digest.readUInt8(4) % 2 === 0 ? 1 : 0.5);
  }
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

function formatExtraction(found: Extraction, json: boolean): string {
  if (json) {
    const relationships = found.relations.map((relation) => ({
      ...relation,
      keywords: relation.keywords.join(","),
    }));
    return JSON.stringify({ entities: found.entities, relationships });
  }
  const rows = [
    ...found.entities.map(({ name, type, description }) => ["entity", name, type, description]),
    ...found.relations.map((relation) => [
      "relation",
      relation.source,
      relation.target,
      relation.keywords.join(","),
      relation.description,
    ]),
  ];
  return [...rows.map((row) => row.map(plain).join(field)), end].join("\n");
}

/** Text that is taken from a document must not look like a delimiter. */
function plain(text: string): string {
  return text.replace(/<\|?#?\|?>|<\||\|>|[<>]/gu, " ");
}

function summarize(prompt: string): string {
  const subject = /^\w+ Name: (.*)$/mu.exec(prompt)?.[1] ?? "It";
  const lines = prompt.split("\n").filter((line) => line.startsWith('{"Description"'));
  const descriptions = lines.map((line) =>
    String((JSON.parse(line) as { Description: unknown }).Description),
  );
  const parts = descriptions.map((text) => Array.from(text).slice(0, 40).join(""));
  return `${subject}, from ${lines.length} descriptions: ${parts.join(" / ")}`;
}

function afterMarker(prompt: string): string {
  return prompt.slice(prompt.lastIndexOf("User Query:") + "User Query:".length).split("\n---")[0] ?? "";
}
