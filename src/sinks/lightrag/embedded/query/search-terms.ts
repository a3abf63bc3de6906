import { stemmer } from "stemmer";
import { foldText } from "../../../../kernel/util/text.ts";
import { functionWords as english } from "../builtin/common-words.ts";
import { englishDateWords } from "./date-words.ts";
import { functionWordsByLanguage } from "./function-words.ts";

/** Scripts without spaces between words: pairs of adjacent characters serve as words. */
const ideographs = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々`;
const unspaced = String.raw`${ideographs}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`;
const letter = String.raw`(?![${unspaced}])[\p{L}\p{N}\p{M}]`;
/** A run of one kind of script, so that a brand within Chinese is a word of its own. Words of the others may have apostrophes in them. */
const run = new RegExp(`[${unspaced}]+|(?:${letter})+(?:['’ʼ](?:${letter})+)*`, "gu");
const isUnspaced = new RegExp(`^[${unspaced}]`, "u");
const isIdeograph = new RegExp(`^[${ideographs}]`, "u");
const isHangul = /\p{Script=Hangul}/u;
const apostrophe = /['’ʼ]/u;
const possessive = /['’ʼ]s$/iu;
/** What stands before the first word of a sentence. */
const beginning = /(?:^|[.!?…:\n])[^\p{L}\p{N}]*$/u;

/** Letters that Unicode does not take apart, as people write who lack the key, and letters that many write alike. */
const typedAs = new Map(
  Object.entries({
    ı: "i",
    ø: "o",
    ł: "l",
    đ: "d",
    ð: "d",
    þ: "th",
    ß: "ss",
    æ: "ae",
    œ: "oe",
    ى: "ي",
    ة: "ه",
    "\u0901": "\u0902",
  }),
);
const unlike = new RegExp(`[${[...typedAs.keys()].join("")}]`, "gu");
/** The points of vowels in Hebrew and Arabic, the stroke that lengthens, and the dots of borrowed sounds in Indian scripts. */
const points = /[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u093c\u09bc\u0a3c\u0abc\u0b3c]/gu;

/** Digits of Arabic, Persian, Devanagari and Thai, each from 0 to 9 in a row. */
const foreignDigit = /[\u0660-\u0669\u06f0-\u06f9\u0966-\u096f\u0e50-\u0e59]/gu;
const zeros = [0x06_60, 0x06_f0, 0x09_66, 0x0e_50];

interface Language {
  locale: string;
  functionWords: ReadonlySet<string>;
}
const languages: readonly Language[] = [
  { locale: "en", functionWords: english },
  ...[...functionWordsByLanguage].map(([locale, words]) => ({
    locale,
    functionWords: new Set(words.split(/\s+/u).map(folded)),
  })),
];
/** What is written in these is in no other of the languages, whatever words it has. */
const localesByScript = ["ar", "he", "hi", "ja", "ko", "ru", "th", "zh"];

/** Words that lose their apostrophe and are then like others: `ill` is a function word only as `I'll`. */
const likeContractions = new Set(["ill", "shed", "hell", "id", "wed", "cant", "wont", "well"]);

/** The terms of a text in order, by which a search finds it. Function words of English are none. */
export function searchTermsOf(text: string): string[] {
  return [...runsOf(text)].flatMap((found) => {
    if (found.kind === "characters")
      return [...pairs(found.characters), ...found.characters.filter((each) => isIdeograph.test(each))];
    return isFunctionWord(found, english) ? [] : found.terms;
  });
}

/**
 * The terms of a question: without the function words of its language, as long as anything else is left, and with the English names of the months
 * and weekdays that it has.
 */
export function questionTermsOf(question: string): string[] {
  const runs = [...runsOf(question)];
  const words = runs.filter((found) => found.kind === "word");
  const counts = languages.map(
    ({ functionWords }) => words.filter((word) => isFunctionWord(word, functionWords)).length,
  );
  const most = Math.max(...counts);
  const likely = languages.filter((_, at) => counts[at] === most);
  const { functionWords = english } = likely[0] ?? {};
  const termsOf = (found: Run) =>
    found.kind === "characters"
      ? [...pairs(found.characters), ...loneIdeographs(found.characters)]
      : found.terms;
  const telling = runs.filter(
    (found) => found.kind === "characters" || !isFunctionWord(found, functionWords),
  );
  const text = folded(question);
  const locales = new Set([...likely.map(({ locale }) => locale), ...localesByScript]);
  const dates = [...locales].flatMap((locale) => englishDateWords(text, locale, folded)).map(stemOf);
  return [...(telling.length > 0 ? telling : runs).flatMap(termsOf), ...new Set(dates)];
}

interface Word {
  kind: "word";
  /** Folded, without apostrophes. */
  folded: string;
  /** Itself and, of `l'hôpital` and `Ankara'da`, its parts; of `18th` its number. */
  terms: string[];
  /** With a capital that begins no sentence, or a word of its own beside a contraction. */
  isSure: boolean;
}
type Run = Word | { kind: "characters"; characters: string[] };

function* runsOf(text: string): Generator<Run> {
  const read = text.normalize("NFKC");
  for (const { 0: found, index } of read.matchAll(run)) {
    if (isUnspaced.test(found)) yield { kind: "characters", characters: Array.from(folded(found)) };
    else yield wordOf(found, beginning.test(read.slice(Math.max(0, index - 4), index)));
  }
}

function wordOf(found: string, begins: boolean): Word {
  const bare = found.replace(possessive, "");
  const parts = bare.split(apostrophe);
  const word = folded(parts.join(""));
  const isName = !begins && bare.length > 1 && /^\p{Lu}/u.test(bare);
  const others = parts.length === 1 ? [] : parts.filter((part) => part.length > 2).map(folded);
  return {
    kind: "word",
    folded: word,
    terms: [word, ...others, ...(/^\d+(?=\p{L})/u.exec(word) ?? [])].map(stemOf),
    isSure: isName || (parts.length === 1 && likeContractions.has(word)),
  };
}

const stemOf = (word: string): string => (/^[a-z]+$/u.test(word) ? stemmer(word) : word);

const isFunctionWord = ({ folded, isSure }: Word, list: ReadonlySet<string>) => !isSure && list.has(folded);

function folded(text: string): string {
  return foldText(text)
    .replaceAll(points, "")
    .replaceAll(foreignDigit, (digit) => String(digitValue(digit)))
    .replaceAll(unlike, (each) => typedAs.get(each) ?? each);
}

/** Ideographs between other characters: most of them are words, where a particle follows. */
function loneIdeographs(characters: readonly string[]): string[] {
  if (characters.length < 2) return [];
  const isHan = (at: number) => /\p{Script=Han}/u.test(characters[at] ?? "");
  return characters.filter((_, at) => isHan(at) && !isHan(at - 1) && !isHan(at + 1));
}

function digitValue(digit: string): number {
  const code = digit.charCodeAt(0);
  return code - (zeros.findLast((zero) => zero <= code) ?? code);
}

function pairs(characters: readonly string[]): string[] {
  if (characters.length < 2) return [...characters];
  return characters.slice(1).map((character, i) => `${characters[i]}${character}`);
}

/**
 * Parts of a word by which its other forms are found, whatever the language; none for characters of scripts without spaces. Where letters are
 * syllables a part has two of them. Where articles and prepositions stand before a word without a space, its end counts as its beginning does.
 */
export function partsOf(term: string): string[] {
  if (isUnspaced.test(term)) return [];
  if (isHangul.test(term)) return gramsOf(`<${term}`, 2);
  if (/[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(term)) return gramsOf(`<${term}>`, 3);
  return gramsOf(`<${term}`, /[\p{Script=Latin}\p{N}]/u.test(term) ? 4 : 3);
}

/**
 * How alike two words are, 0 to 1, that have so many parts in common. In Korean particles follow a word without a space, so that the longer of two
 * may have any number of parts more.
 */
export function likenessOf(term: string, form: string, shared: number): number {
  const [own, other] = [partsOf(term).length, partsOf(form).length];
  return isHangul.test(term) ? shared / Math.min(own, other) : (2 * shared) / (own + other);
}

function gramsOf(text: string, length: number): string[] {
  const characters = Array.from(text);
  const count = Math.max(1, characters.length - length + 1);
  return Array.from({ length: count }, (_, at) => characters.slice(at, at + length).join(""));
}
