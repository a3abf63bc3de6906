import { pythonSpace } from "../../clean-text.ts";

/** Stands between the fields of a record (contract §8.4). */
export const fieldDelimiter = "<|#|>";

const solid = `[^${pythonSpace}]`;

/**
 * The ways in which models garble the delimiter, in the order in which LightRAG mends them. The order matters: a later rule
 * sees what an earlier one wrote.
 */
const garbled = [
  /<\|#\|*?#\|>/gu,
  /<\|\\#\|>/gu,
  // `<|>` and `<||>`, but only between words: "a <|> b" is text.
  new RegExp(String.raw`(?<=${solid})<\|+>(?=${solid})`, "gu"),
  /<[^\n]?\|#\|[^\n]?>/gu,
  /<\|?#\|?>/gu,
  /<[^|]#\|>|<\|#[^|]>/gu,
  /<\|#\|+(?!>)/gu,
  /<\|#:(?!>)/gu,
  /<\|+#>/gu,
  new RegExp(String.raw`(?<=${solid})<\|\|(?!>)`, "gu"),
  /(?<!<)\|#\|>/gu,
  /<\|#\|>\|/gu,
  /\|\|#\|\|/gu,
];

/** Writes the delimiter back where a model garbled it. */
export function repairDelimiters(record: string): string {
  return garbled.reduce((text, rule) => text.replace(rule, () => fieldDelimiter), record);
}
