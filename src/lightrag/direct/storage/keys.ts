import { createHash } from "node:crypto";
import { fieldSeparator } from "./records.ts";

/** MD5 over UTF-8, hexadecimal: LightRAG's way to make an id (contract §9.5). */
export function md5Hex(text: string): string {
  return createHash("md5").update(text, "utf8").digest("hex");
}

/** Orders as Python does, by code points. Differs from `<` where a surrogate pair meets U+E000 to U+FFFF. */
export function compareCodePoints(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Moves the surrogates above the rest of the basic plane, where the code points lie that they stand for. */
function rank(codeUnit: number): number {
  return codeUnit >= 0xd800 && codeUnit <= 0xdfff ? codeUnit + 0x10000 : codeUnit;
}

/** The two ends of a relation in the order in which LightRAG keys it. */
export function orderedPair(a: string, b: string): [string, string] {
  return compareCodePoints(a, b) <= 0 ? [a, b] : [b, a];
}

/** Key of the provenance of a relation. */
export function relationKey(a: string, b: string): string {
  return orderedPair(a, b).join(fieldSeparator);
}

/** Id of an entity's vector. */
export function entityVectorId(name: string): string {
  return `ent-${md5Hex(name)}`;
}

/** Id of a relation's vector. */
export function relationVectorId(a: string, b: string): string {
  return `rel-${md5Hex(orderedPair(a, b).join(""))}`;
}
