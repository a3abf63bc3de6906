import { masculineSurname, nominativeOf } from "./name-forms.ts";
import {
  type Finder,
  type Found,
  formsOf,
  goesOnWith,
  hasCapitals,
  isCapital,
  isIn,
  isJoined,
  mayBeName,
  nameOf,
  type Reading,
} from "./reading.ts";
import type { Token } from "./tokens.ts";

type Way = (at: number, reading: Reading) => Found | null;

const behindTitle: Way = (at, reading) => {
  const { tokens, lexicon } = reading;
  const next = tokens[at + 1];
  if (next === undefined || !isIn(lexicon.titlesBefore, tokens[at], reading)) return null;
  if (!/^\.?\s*$/u.test(next.before) || !mayBeName(next, reading)) return null;
  const more = tokens[at + 2];
  const goesOn = isJoined(more) && (isCutShort(next, reading) || (isCapital(next) && isCapital(more)));
  return person(tokens.slice(at + 1, goesOn ? at + 3 : at + 2), reading);
};

const beforeTitle: Way = (at, reading) => {
  const [token, title] = reading.tokens.slice(at, at + 2);
  if (token === undefined || title === undefined || !isIn(reading.lexicon.titlesAfter, title, reading))
    return null;
  return isJoined(title) && mayBeName(token, reading) ? titled(token, title, reading) : null;
};

const byGivenName: Way = (at, reading) => {
  const [token, next] = reading.tokens.slice(at, at + 2);
  if (token === undefined || !isIn(reading.lexicon.given, token, reading) || !mayBeGiven(token, reading))
    return null;
  const isFull = next !== undefined && isCapital(token) && goesOnWith(token, next, reading);
  return person(isFull ? [token, next] : [token], reading);
};

const surnames = new Map([
  [
    "zh",
    new Set(
      "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文",
    ),
  ],
  [
    "ja",
    new Set(
      `佐藤 鈴木 高橋 田中 伊藤 渡辺 山本 中村 小林 加藤 吉田 山田 佐々木 山口 松本 井上 木村 林 斎藤 清水 山崎 森 池田 橋本 阿部 石川 山下 中島 石井 小川 前田
      岡田 長谷川 藤田 後藤 近藤 村上 遠藤 青木 坂本 福田 太田 西村 藤井 金子 岡本 藤原 三浦 中野 中川 原田 松田 竹内 小野 田村 夏目 村田`.split(
        /\s+/u,
      ),
    ),
  ],
]);

/** Single characters that stand behind a surname and are no given name. */
const noGiven =
  /^[的了是在和给跟与对找向让请把被到去来说会要有没不很都也就还里上下中前后日月年时点买卖做吃喝看听写读打开走跑回约送帮陪等住教学找见问答用拿放]$/u;

/** `山田電機`: behind a surname, what a company does. */
const businesses =
  /^(?:電機|電気|銀行|商店|書店|薬局|歯科|医院|食堂|酒店|工業|建設|商事|運輸|製菓|製薬|証券|工務|酒造|商会)$/u;

/** `李|娜`, `夏目|漱石`: a surname, and a given name that no dictionary has as a word with it. */
const fullName: Way = (at, { tokens, language, text }) => {
  const [family, given, more] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (family === undefined || surnames.get(language)?.has(family.text) !== true) return null;
  const isGiven = (token: Token | undefined) =>
    token !== undefined &&
    token.before === "" &&
    /^\p{Script=Han}{1,2}$/u.test(token.text) &&
    !noGiven.test(token.text);
  if (given === undefined || !isGiven(given) || (language === "zh" && given.text.length > 1)) return null;
  const isLonger = language === "zh" && isGiven(more) && more?.text.length === 1;
  const end = isLonger && more !== undefined ? more.end : given.end;
  const type = businesses.test(given.text) ? "organization" : "person";
  return { name: text.slice(family.start, end), type, start: family.start, end };
};

/** A title that is written as one word with its name: `준호씨`. */
const titleWithin: Way = (at, reading) => {
  const token = reading.tokens[at];
  const { titlesAfter, kin } = reading.lexicon;
  if (token === undefined || !["ja", "ko"].includes(reading.language)) return null;
  const forms = formsOf(token, reading);
  if (forms.some((form) => kin.has(form) || titlesAfter.has(form))) return null;
  const { start, end } = token;
  for (const form of forms) {
    const title = [...titlesAfter].find((each) => form.endsWith(each) && form.length - each.length >= 2);
    if (title !== undefined) return { name: form.slice(0, -title.length), type: "person", start, end };
  }
  return null;
};

/** `أم حسن`: called after a child. */
const byChild: Way = (at, reading) => {
  const [token, child] = reading.tokens.slice(at, at + 2);
  if (reading.language !== "ar" || token === undefined || !isJoined(child)) return null;
  const called = formsOf(token, reading).find((form) => /^(?:أم|أبو|أبا)$/u.test(form));
  if (called === undefined || child === undefined || !isIn(reading.lexicon.given, child, reading))
    return null;
  return { name: `${called} ${nameOf(child, reading)}`, type: "person", start: token.start, end: child.end };
};

/** From the most to the least certain. */
const ways: readonly Way[] = [behindTitle, beforeTitle, byChild, fullName, titleWithin, byGivenName];

/** People: by a title before or behind a name, a surname, or a given name that is known. */
export const persons: Finder = (reading) =>
  reading.tokens.flatMap((_, at) => {
    const found = ways.map((way) => way(at, reading)).find((each) => each !== null);
    return found == null ? [] : [found];
  });

function person(tokens: readonly Token[], reading: Reading): Found {
  const [first, last] = [tokens[0], tokens.at(-1)];
  const words = tokens.map((token) => nameOf(token, reading));
  const isOfMan = reading.language === "ru" && /[бвгджзйклмнпрстфхцчшщ]$/u.test(words[0] ?? "");
  if (isOfMan && words.length === 2) words[1] = masculineSurname(words[1] ?? "");
  const name = words.join(reading.language === "th" ? "" : " ");
  return { name, type: "person", start: first?.start ?? 0, end: last?.end ?? 0 };
}

/** A foreign name that the dictionary divides: `โท|มัส`. */
const isCutShort = (token: Token, { language }: Reading) => language === "th" && token.text.length <= 2;

/** `Kemal Bey`, `王医生`, `田中部長`: the title belongs to the name where nobody is named without it. */
function titled(token: Token, title: Token, reading: Reading): Found {
  const { language, text } = reading;
  const [start, end] = [token.start, title.end];
  const bare = formsOf(title, reading).find((form) => reading.lexicon.titlesAfter.has(form)) ?? title.text;
  const isPolite = /^(?:さん|くん|君|ちゃん|様|氏|씨|님|जी|साहब|सर|मैडम)$/u.test(bare);
  const isOne = ["zh", "ja", "ko", "tr"].includes(language) && !isPolite;
  const name = isOne
    ? `${text.slice(start, title.start)}${language === "tr" ? title.text.replace(/['’]\p{L}+$/u, "") : bare}`
    : nameOf(token, reading);
  return { name, type: "person", start, end };
}

/** A given name that is a word as well ("can", "ceren") needs its capital. */
function mayBeGiven(token: Token, reading: Reading): boolean {
  return !hasCapitals(reading.text) || isCapital(token);
}

export const relatives: Finder = (reading) => {
  const { language } = reading;
  if (language === "ja" || language === "th") return writtenRelatives(reading);
  return reading.tokens.flatMap((token, at): Found[] => {
    const form = kinOf(token, reading);
    if (form === undefined || isOfName(at, reading)) return [];
    const { start, end } = token;
    const name = language === "de" || language === "nl" ? nameOf(token, reading) : form;
    return [{ name, type: "person", start, end }];
  });
};

/** "Tante Gerda", "Ayşe Teyze": who is named is not somebody's aunt besides. */
function isOfName(at: number, reading: Reading): boolean {
  return behindTitle(at, reading) !== null || (at > 0 && beforeTitle(at - 1, reading) !== null);
}

/** A Turkish relative is always somebody's: `babaannemi`. */
function kinOf(token: Token, reading: Reading): string | undefined {
  const { kin } = reading.lexicon;
  const own =
    reading.language === "tr"
      ? /^(\p{L}{3,}?)(?:m|n|miz|niz|lar|ler)?(?:ı|i|u|ü|a|e|ın|in|nın|nin|yla|yle|la|le)?$/u.exec(
          token.lower,
        )?.[1]
      : undefined;
  const forms = [...formsOf(token, reading), ...(own === undefined ? [] : [own])];
  return forms.find((form) => kin.has(form)) ?? nominativeOf(token.lower, reading.language, kin) ?? undefined;
}

/**
 * Where words have no spaces between them a dictionary may divide a relative (`お|ばあちゃん`); the longest that is written there is meant, and none that is a part of
 * another word.
 */
function writtenRelatives({ text, tokens, lexicon }: Reading): Found[] {
  const longestFirst = [...lexicon.kin].toSorted((a, b) => b.length - a.length);
  const [starts, ends] = [new Set(tokens.map(({ start }) => start)), new Set(tokens.map(({ end }) => end))];
  return Array.from(text.matchAll(new RegExp(longestFirst.join("|"), "gu"))).flatMap(
    ({ 0: name, index: start }) => {
      const end = start + name.length;
      return starts.has(start) && ends.has(end) ? [{ name, type: "person" as const, start, end }] : [];
    },
  );
}
