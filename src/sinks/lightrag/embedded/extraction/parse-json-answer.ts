import {
  addEntity,
  addRelation,
  entityMention,
  type Origin,
  type ParsedAnswer,
  parseTextAnswer,
  relationMention,
} from "./parse-answer.ts";

/**
 * Reads an answer of either format. A LightRAG server may be configured to request JSON; its cached answers are read again when a
 * document is deleted (contract §8.5).
 */
export function parseAnswer(text: string, origin: Origin): ParsedAnswer {
  const object = findObject(text);
  return object === undefined ? parseTextAnswer(text, origin) : parseObject(object, origin);
}

function parseObject(object: Record<string, unknown>, origin: Origin): ParsedAnswer {
  const answer: ParsedAnswer = { entities: new Map(), relations: new Map() };
  for (const item of objectsOf(object.entities)) {
    const field = textField(item);
    const fields = { name: field("name"), type: field("type"), description: field("description") };
    addEntity(answer, entityMention(fields, origin));
  }
  for (const item of objectsOf(object.relationships)) {
    const field = textField(item);
    const ends = { source: field("source"), target: field("target") };
    const fields = { ...ends, keywords: field("keywords"), description: field("description") };
    addRelation(answer, relationMention(fields, origin));
  }
  return answer;
}

const fence = "```";

/** The JSON object at the beginning of an answer, without a code fence. */
function findObject(text: string): Record<string, unknown> | undefined {
  const body = withoutFence(text.trim());
  return body.startsWith("{") ? parseLeadingObject(body) : undefined;
}

/** No regular expression: one with white space on both sides of a lazy middle takes minutes for a few thousand spaces. */
function withoutFence(text: string): string {
  const isFenced = text.length >= 2 * fence.length && text.startsWith(fence) && text.endsWith(fence);
  return isFenced ? text.slice(fence.length, -fence.length).replace(/^json/iu, "").trim() : text;
}

/** Parses the object at the start, whatever follows it. */
function parseLeadingObject(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text.slice(0, endOfObject(text)));
  } catch {
    return undefined;
  }
}

/** The end of the object at the beginning of the text; the end of the text when it is never closed. */
function endOfObject(text: string): number {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at + 1);
    else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return at + 1;
  }
  return text.length;
}

function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at;
}

function objectsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "object" && item !== null) : [];
}

/** A list or an object instead of a text counts as missing: the record is then dropped. */
function textField(item: Record<string, unknown>): (name: string) => string {
  return (name) => {
    const value = item[name];
    const isNoText = value === undefined || (typeof value === "object" && value !== null);
    return isNoText ? "" : String(value);
  };
}
