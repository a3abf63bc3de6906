import { capitals } from "./find-capitals.ts";
import { feasts } from "./find-feasts.ts";
import { persons, relatives } from "./find-people.ts";
import { knownNames, places } from "./find-places.ts";
import { lexiconOf } from "./lexicon.ts";
import { type Finder, type Found, hasCapitals } from "./reading.ts";
import { tokensOf } from "./tokens.ts";

/**
 * What a text in another language than English names for certain: titles in quotation marks, hashtags, handles, feasts, relatives, people by a title or a
 * known given name, places by their noun, and where the language has capitals, names by a capital within a sentence. Nothing is guessed from
 * what stands between: of a sentence without any of these nothing is found.
 */
export function findCertain(text: string, language: string): Found[] {
  const reading = { text, language, tokens: tokensOf(text, language), lexicon: lexiconOf(language) };
  const found: Found[] = [];
  const last = hasCapitals(text) ? [capitals] : [knownNames, transliterated, loanwords];
  for (const find of [titles, marks, feasts, relatives, places, persons, ...last])
    for (const one of find(reading))
      if (found.every((other) => one.end <= other.start || other.end <= one.start)) found.push(one);
  return found.sort((a, b) => a.start - b.start);
}

const quoted = /[„“"«»]\s?([^„“”"«»\n]{2,60}?)\s?[“”"»«]|[《『「]([^》』」\n]{1,40})[》』」]/gu;

const longestTitle = 8;

/** Books, films, songs; what is longer or ends a sentence was said. */
const titles: Finder = ({ text }) =>
  Array.from(text.matchAll(quoted)).flatMap((match) => {
    const name = (match[1] ?? match[2] ?? "").trim();
    const isTitle = name.split(/\s+/u).length <= longestTitle && !/[.!?…。！？]$/u.test(name);
    const start = match.index;
    return isTitle ? [{ name, type: "content" as const, start, end: start + match[0].length }] : [];
  });

const mark =
  /(?<![\p{L}\p{N}\p{M}_&/#@])(?:#([\p{L}\p{N}\p{M}_]*\p{L}[\p{L}\p{N}\p{M}_]*)|@([\p{L}\p{N}_][\p{L}\p{N}\p{M}_]+))/gu;

const marks: Finder = ({ text }) =>
  Array.from(text.matchAll(mark), ({ 0: whole, 1: tag, 2: handle, index: start }) => ({
    name: tag ?? `@${handle}`,
    type: tag === undefined ? ("person" as const) : ("concept" as const),
    start,
    end: start + whole.length,
  }));

/** Characters with which Chinese writes foreign names, three and more in a row. */
const foreignRun =
  /[斯托马亚逊西里本尔克德特莱罗维尼娜丽莎拉卡贝塔伊洛可波阿埃艾奥巴布达迪杜法弗戈格哈海汉赫胡霍基吉加杰金凯科肯库兰劳勒雷列林卢鲁伦曼梅蒙米密穆内诺欧帕佩皮普齐乔琼萨桑瑟瑞舍圣施索泰汤铁图瓦威韦温沃乌谢辛休雅扬耶伊英尤约赞泽扎詹朱]{3,}/gu;

const transliterated: Finder = ({ text, language }) =>
  language !== "zh"
    ? []
    : Array.from(text.matchAll(foreignRun), ({ 0: name, index: start }) => ({
        name,
        type: "concept" as const,
        start,
        end: start + name.length,
      }));

/** Words of foreign origin in Katakana, and in letters of another script: things with a name of their own. */
const loanwords: Finder = (reading) =>
  Array.from(
    reading.text.matchAll(/[\p{Script=Katakana}ー・]{2,}|\p{Script=Latin}[\p{Script=Latin}\p{N}]+/gu),
  ).flatMap(({ 0: name, index: start }) =>
    reading.lexicon.noNames.has(name) || reading.lexicon.labels.has(name)
      ? []
      : [{ name, type: "concept" as const, start, end: start + name.length }],
  );
