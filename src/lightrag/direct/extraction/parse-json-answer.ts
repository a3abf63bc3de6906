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
 * Reads an answer of either format. A LightRAG server may have been told to ask for JSON; its cached answers are read again
 * when a document is deleted (contract §8.5).
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

const codeFence = /^\s*```(?:json)?\s*\n?([\s\S]*?)\n?\s*```\s*$/iu;

/** The JSON object that an answer begins with, a code fence around it taken off. */
function findObject(text: string): Record<string, unknown> | undefined {
  const body = (codeFence.exec(text)?.[1] ?? text).trim();
  return body.startsWith("{") ? parseLeadingObject(body) : undefined;
}

/** Parses the object at the start, whatever follows it. */
function parseLeadingObject(text: string): Record<string, unknown> | undefined {
  for (let end = text.indexOf("}"); end >= 0; end = text.indexOf("}", end + 1)) {
    try {
      return JSON.parse(text.slice(0, end + 1));
    } catch {
      // Not the closing brace yet.
    }
  }
  return undefined;
}

function objectsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "object" && item !== null) : [];
}

function textField(item: Record<string, unknown>): (name: string) => string {
  return (name) => (item[name] === undefined ? "" : String(item[name]));
}
