import { strip } from "../../clean-text.ts";
import { boundedName, normaliseName, normaliseText, normaliseType } from "./normalise-text.ts";
import { fieldDelimiter, repairDelimiters } from "./repair-delimiters.ts";

/** Where an extracted statement comes from. */
export interface Origin {
  chunkId: string;
  fileSource: string;
}

export interface EntityMention extends Origin {
  name: string;
  type: string;
  description: string;
}

export interface RelationMention extends Origin {
  source: string;
  target: string;
  keywords: string;
  description: string;
}

/** The statements of one answer, by entity name and by directed pair of names, each with all its mentions in order. */
export interface ParsedAnswer {
  entities: Map<string, EntityMention[]>;
  relations: Map<string, RelationMention[]>;
}

export const endMarker = "<|COMPLETE|>";
const recordBreak = /\n|<\|COMPLETE\|>|<\|complete\|>/u;
const relationStart = /<\|#\|>relationship<\|#\|>|<\|#\|>relation<\|#\|>/u;

/** Reads an answer in LightRAG's record format with LightRAG's tolerance (contract §8.4). Unreadable records are dropped. */
export function parseTextAnswer(text: string, origin: Origin): ParsedAnswer {
  const answer: ParsedAnswer = { entities: new Map(), relations: new Map() };
  for (const record of splitRecords(text)) {
    const fields = asRelation(splitBy(repairDelimiters(strip(record)), fieldDelimiter));
    addEntity(answer, readEntity(fields, origin)) || addRelation(answer, readRelation(fields, origin));
  }
  return answer;
}

/** The end marker in the spellings of various models. */
const endMarkers = /<\|?complete\|?>|^\s*complete\W*$/giu;
const longestRemark = 200;

/**
 * Whether an answer keeps to the record format: it has a record, or an end marker with at most a short remark, which means that
 * there is none. Prose, JSON and tables do not, so what the model found is unknown.
 */
export function isReadableAnswer(text: string): boolean {
  const { entities, relations } = parseTextAnswer(text, { chunkId: "", fileSource: "" });
  if (entities.size + relations.size > 0) return true;
  const remark = text.replace(endMarkers, "").replaceAll("```", "").trim();
  const isEnded = text.search(endMarkers) >= 0;
  return isEnded && remark.length <= longestRemark && !/[{}[\]|]/u.test(remark);
}

export function addEntity(answer: ParsedAnswer, mention: EntityMention | undefined): boolean {
  if (mention === undefined) return false;
  append(answer.entities, mention.name, mention);
  return true;
}

export function addRelation(answer: ParsedAnswer, mention: RelationMention | undefined): boolean {
  if (mention === undefined) return false;
  // A cleaned name has no control character.
  append(answer.relations, `${mention.source}\u0000${mention.target}`, mention);
  return true;
}

export interface EntityFields {
  name: string;
  type: string;
  description: string;
}

/** Undefined when LightRAG drops the record. */
export function entityMention(fields: EntityFields, origin: Origin): EntityMention | undefined {
  const name = normaliseName(fields.name);
  const type = normaliseType(fields.type);
  const description = normaliseText(fields.description);
  if (name === "" || type === undefined || description === "") return undefined;
  return { name: boundedName(name), type, description, ...origin };
}

export interface RelationFields {
  source: string;
  target: string;
  keywords: string;
  description: string;
}

/** Undefined when LightRAG drops the record. */
export function relationMention(fields: RelationFields, origin: Origin): RelationMention | undefined {
  const source = boundedName(normaliseName(fields.source));
  const target = boundedName(normaliseName(fields.target));
  const description = normaliseText(fields.description);
  // Two long names may become equal when they are cut; LightRAG drops that relation when merging.
  if (source === "" || target === "" || source === target || description === "") return undefined;
  const keywords = normaliseName(fields.keywords).replaceAll("，", ",");
  return { source, target, keywords, description, ...origin };
}

/** One record per line; a delimiter between two records counts as a line break. */
function splitRecords(text: string): string[] {
  return splitBy(text, recordBreak)
    .flatMap((line) => splitBy(line, `${fieldDelimiter}entity${fieldDelimiter}`))
    .map((record) => (isRecord(record) ? record : `entity<|${record}`))
    .flatMap((record) => splitBy(record, relationStart))
    .map((record) => (isRecord(record) ? record : `relation${fieldDelimiter}${record}`));
}

function isRecord(text: string): boolean {
  return text.startsWith("entity") || text.startsWith("relation");
}

/** A row of five fields is a relation even when the model called it an entity. */
function asRelation(fields: string[]): string[] {
  const kind = fields[0]?.toLowerCase() ?? "";
  const isMisnamed = fields.length === 5 && kind.includes("entity") && !kind.includes("relation");
  return isMisnamed ? ["relation", ...fields.slice(1)] : fields;
}

function readEntity(fields: string[], origin: Origin): EntityMention | undefined {
  const [kind = "", name = "", type = "", description = ""] = fields;
  if (fields.length !== 4 || !kind.includes("entity")) return undefined;
  return entityMention({ name, type, description }, origin);
}

function readRelation(fields: string[], origin: Origin): RelationMention | undefined {
  const [kind = "", source = "", target = "", keywords = "", description = ""] = fields;
  if (fields.length !== 5 || !kind.includes("relation")) return undefined;
  return relationMention({ source, target, keywords, description }, origin);
}

/** The trimmed parts, without empty ones. */
function splitBy(text: string, separator: string | RegExp): string[] {
  return text
    .split(separator)
    .map(strip)
    .filter((part) => part !== "");
}

function append<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}
