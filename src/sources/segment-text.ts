import type { Segment } from "../domain/memory.ts";

/**
 * What segments say, as one text: a line for each turn, `Ada: Met Ben.`, where speakers are known, and one paragraph where none is. Their own
 * white space is kept where they have some, for it shows whether their language has blanks between sentences.
 */
export function textOfSegments(segments: readonly Pick<Segment, "speaker" | "text">[]): string {
  return turnsOf(segments)
    .map(({ speaker, texts }) => (speaker === null ? flow(texts) : `${speaker}: ${flow(texts)}`))
    .join("\n");
}

interface Turn {
  speaker: string | null;
  texts: string[];
}

function turnsOf(segments: readonly Pick<Segment, "speaker" | "text">[]): Turn[] {
  const turns: Turn[] = [];
  for (const { speaker, text } of segments) {
    const last = turns.at(-1);
    if (last?.speaker === speaker) last.texts.push(text);
    else turns.push({ speaker, texts: [text] });
  }
  return turns;
}

/** Scripts without blanks between sentences, and their signs. */
const dense =
  "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}\u3000-\u303f\uff00-\uffef]";
const endsDense = new RegExp(`${dense}$`, "u");
const beginsDense = new RegExp(`^${dense}`, "u");

function flow(texts: readonly string[]): string {
  return texts
    .map((text, at) => `${at > 0 && needsBlank(texts[at - 1] ?? "", text) ? " " : ""}${text}`)
    .join("")
    .trim();
}

function needsBlank(before: string, after: string): boolean {
  return !/\s$/u.test(before) && !/^\s/u.test(after) && !(endsDense.test(before) && beginsDense.test(after));
}
