import { commonWords, functionWords } from "../common-words.ts";
import { type MentionFinder, wordRange } from "./mention.ts";

/** A title in double quotation marks: begins with a capital or a digit, and is short enough to be no speech. */
const quoted = /["“](?<title>[\p{Lu}\p{N}][^"“”]{1,60}?)[.,]?["”]/gu;
const longestTitle = 8;

/** Books, films, songs and other things that people put in quotation marks. */
export const findTitles: MentionFinder = (sentence) =>
  [...sentence.text.matchAll(quoted)].flatMap((match) => {
    const title = match.groups?.title ?? "";
    const start = match.index + 1;
    const range = wordRange(sentence.words, start, start + title.length);
    return range === null || !isTitle(title)
      ? []
      : [{ name: title.replaceAll("’", "'"), type: "content" as const, ...range }];
  });

function isTitle(title: string): boolean {
  const words = title.toLowerCase().split(/\s+/u);
  const isEmphasis = words.every((word) => functionWords.has(word) || commonWords.has(word));
  return words.length <= longestTitle && !isEmphasis && !/[.!?]$/u.test(title);
}
