import { createHash } from "node:crypto";
import { compareCodePoints } from "../../../../kernel/util/code-point-order.ts";
import { fieldSeparator } from "./records.ts";

/** MD5 over UTF-8, hexadecimal: LightRAG's way to make an id (contract §9.5). */
export function md5Hex(text: string): string {
  return createHash("md5").update(text, "utf8").digest("hex");
}

/** The two ends of a relation in the order in which LightRAG keys it. */
export function orderedPair(a: string, b: string): [string, string] {
  return compareCodePoints(a, b) <= 0 ? [a, b] : [b, a];
}

/**
 * Key of the provenance of a relation, as LightRAG stores it. Names that contain the separator may share one: memory uses `pairKey`
 * instead.
 */
export function relationKey(a: string, b: string): string {
  return orderedPair(a, b).join(fieldSeparator);
}

/** Unique for every unordered pair of names: no stored name contains a control character. */
export function pairKey(a: string, b: string): string {
  return orderedPair(a, b).join("\u0000");
}

/** Id of an entity's vector. */
export function entityVectorId(name: string): string {
  return `ent-${md5Hex(name)}`;
}

/** Id of a relation's vector. */
export function relationVectorId(a: string, b: string): string {
  return `rel-${md5Hex(orderedPair(a, b).join(""))}`;
}
