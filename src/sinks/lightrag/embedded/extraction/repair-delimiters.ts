import { pythonSpace } from "../../clean-text.ts";

/** Separates the fields of a record (contract §8.4). */
export const fieldDelimiter = "<|#|>";

const solid = `[^${pythonSpace}]`;

/**
 * Corruptions of the delimiter by models, in the order in which LightRAG repairs them. The order matters: a later rule sees the
 * result of earlier ones.
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

/** Restores delimiters that a model has corrupted. */
export function repairDelimiters(record: string): string {
  return garbled.reduce((text, rule) => text.replace(rule, () => fieldDelimiter), record);
}
