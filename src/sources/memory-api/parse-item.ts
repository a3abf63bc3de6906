import { createHash } from "node:crypto";
import type { MalformedMemory } from "../../domain/memory.ts";
import { type JsonFault, readJsonBytes } from "../../kernel/util/decode/json.ts";
import type { ListedPiece } from "../json-list/item-reader.ts";
import { excerptOf, usableId } from "../listed-item.ts";
import { findId } from "./find-id.ts";
import { isRecord, type ParsedItem, parseMemory } from "./parse-memory.ts";

/** Deeper items are refused before anything processes them. */
const maxDepth = 100;

/** Parses one piece of a list: a memory, or a malformed item with its problems. */
export function parseItem(piece: ListedPiece, maxItemBytes: number): ParsedItem {
  if (piece.size > maxItemBytes) {
    const problem = `it has ${piece.size} bytes, more than ${maxItemBytes}`;
    return malformed(piece, "MEMORY_TOO_LARGE", problem);
  }
  if (!piece.isBounded)
    return malformed(piece, "MEMORY_MALFORMED", "it is not JSON, and where it ends is not clear");
  const reading = readJsonBytes(piece.bytes, maxDepth);
  if (!reading.ok) return malformed(piece, codeOf(reading.fault), `it ${problemOf(piece, reading.problem)}`);
  const { value } = reading;
  const hasNumber = isRecord(value) && typeof value.id === "number";
  const parsed = parseMemory(value, hasNumber ? findId(piece.bytes) : null);
  if (parsed.kind === "memory") return parsed;
  return { kind: "malformed", malformed: { ...parsed.malformed, position: piece.position } };
}

function codeOf(fault: JsonFault): NonNullable<MalformedMemory["code"]> {
  return fault === "undecodable" ? "MEMORY_UNDECODABLE" : "MEMORY_MALFORMED";
}

function problemOf({ size }: ListedPiece, problem: string): string {
  return size === 0 ? "is missing between two commas" : problem;
}

function malformed(
  { bytes, position, digest }: ListedPiece,
  code: NonNullable<MalformedMemory["code"]>,
  problem: string,
): ParsedItem {
  const id = usableId(findId(bytes));
  const fingerprint = digest ?? createHash("sha256").update(bytes).digest("hex");
  const excerpt = excerptOf(bytes.toString("utf8", 0, 4096));
  return { kind: "malformed", malformed: { code, position, id, problems: [problem], excerpt, fingerprint } };
}
