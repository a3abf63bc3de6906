import { createHash } from "node:crypto";
import type { MalformedMemory } from "../../domain/memory.ts";
import { type JsonFault, readJsonBytes } from "../../kernel/util/decode/json.ts";
import { excerptOf, tooLarge, usableId } from "../listed-item.ts";
import type { ListedPiece } from "./item-reader.ts";
import type { ListedItem, ListFormat } from "./parsed-item.ts";

/** Deeper items are refused before anything processes them. */
const maxDepth = 100;

/** Parses one piece of a list; what is no JSON, or too large, is malformed. */
export function parseItem(piece: ListedPiece, maxItemBytes: number, format: ListFormat): ListedItem {
  const malformed = (code: Code, problem: string) => malformedPiece(piece, code, problem, format);
  if (piece.size > maxItemBytes) {
    const { code, problem } = tooLarge(piece.size, maxItemBytes);
    return malformed(code, problem);
  }
  if (!piece.isBounded)
    return malformed("MEMORY_MALFORMED", "it is not JSON, and where it ends is not clear");
  const reading = readJsonBytes(piece.bytes, maxDepth);
  if (!reading.ok) return malformed(codeOf(reading.fault), `it ${problemOf(piece, reading.problem)}`);
  const parsed = format.parse(reading.value, piece.bytes);
  if (parsed.kind !== "malformed") return parsed;
  return { kind: "malformed", malformed: { ...parsed.malformed, position: piece.position } };
}

type Code = NonNullable<MalformedMemory["code"]>;

function codeOf(fault: JsonFault): Code {
  return fault === "undecodable" ? "MEMORY_UNDECODABLE" : "MEMORY_MALFORMED";
}

function problemOf({ size }: ListedPiece, problem: string): string {
  return size === 0 ? "is missing between two commas" : problem;
}

function malformedPiece(
  { bytes, position, digest }: ListedPiece,
  code: Code,
  problem: string,
  { findId }: Pick<ListFormat, "findId">,
): ListedItem {
  const id = usableId(findId(bytes));
  const fingerprint = digest ?? createHash("sha256").update(bytes).digest("hex");
  const excerpt = excerptOf(bytes.toString("utf8", 0, 4096));
  return { kind: "malformed", malformed: { code, position, id, problems: [problem], excerpt, fingerprint } };
}
