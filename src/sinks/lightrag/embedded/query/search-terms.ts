import { stemmer } from "stemmer";
import { functionWords as english } from "../builtin/common-words.ts";
import { pairsOf } from "../builtin/terms.ts";
import { englishDateWords } from "./date-words.ts";
import { foldedSpelling } from "./folded-spelling.ts";
import { functionWordsByLanguage } from "./function-words.ts";
import { irregularForms } from "./irregular-forms.ts";
import { ideographs, isUnspaced, unspaced } from "./scripts.ts";

const letter = String.raw`(?![${unspaced}])[\p{L}\p{N}\p{M}]`;
/** A run of one kind of script, so that a brand within Chinese is a word of its own. Words of the others may have apostrophes in them. */
const run = new RegExp(`[${unspaced}]+|(?:${letter})+(?:['’ʼ](?:${letter})+)*`, "gu");
const isIdeograph = new RegExp(`^[${ideographs}]`, "u");
const apostrophe = /['’ʼ]/u;
const possessive = /['’ʼ]s$/iu;
/** What stands before the first word of a sentence. */
const beginning = /(?:^|[.!?…:\n])[^\p{L}\p{N}]*$/u;

interface Language {
  locale: string;
  functionWords: ReadonlySet<string>;
}
const languages: readonly Language[] = [
  { locale: "en", functionWords: english },
  ...[...functionWordsByLanguage].map(([locale, words]) => ({
    locale,
    functionWords: new Set(words.split(/\s+/u).map(foldedSpelling)),
  })),
];
/** What is written in these is in no other of the languages, whatever words it has. */
export const localesByScript = ["ar", "he", "hi", "ja", "ko", "ru", "th", "zh"];

/** Words that lose their apostrophe and are then like others: `ill` is a function word only as `I'll`. */
const likeContractions = new Set(["ill", "shed", "hell", "id", "wed", "cant", "wont", "well"]);

/** The terms of a text in order, by which a search finds it. Function words of English are none. `known`: words of texts that were read before. */
export function searchTermsOf(text: string, known = new KnownWords()): string[] {
  return [...runsOf(text, known)].flatMap((found) => {
    if (found.kind === "characters")
      return [...pairsOf(found.characters), ...found.characters.filter((each) => isIdeograph.test(each))];
    return isFunctionWord(found, english) ? [] : found.spelling.terms;
  });
}

/**
 * The terms of a question: without the function words of its language, as long as anything else is left, and with the English names of the months
 * and weekdays that it has.
 */
export function questionTermsOf(question: string): string[] {
  const runs = [...runsOf(question, new KnownWords())];
  const words = runs.filter((found) => found.kind === "word");
  const counts = languages.map(
    ({ functionWords }) => words.filter((word) => isFunctionWord(word, functionWords)).length,
  );
  const most = Math.max(...counts);
  const likely = languages.filter((_, at) => counts[at] === most);
  const { functionWords = english } = likely[0] ?? {};
  const termsOf = (found: Run) =>
    found.kind === "characters"
      ? [...pairsOf(found.characters), ...loneIdeographs(found.characters)]
      : found.spelling.terms;
  const telling = runs.filter(
    (found) => found.kind === "characters" || !isFunctionWord(found, functionWords),
  );
  const text = foldedSpelling(question);
  const locales = new Set([...likely.map(({ locale }) => locale), ...localesByScript]);
  const dates = [...locales].flatMap((locale) => englishDateWords(text, locale)).map(stemOf);
  return [...(telling.length > 0 ? telling : runs).flatMap(termsOf), ...new Set(dates)];
}

/** What is so of a word wherever it stands. */
interface Spelling {
  /** Folded, without apostrophes. */
  folded: string;
  /** Itself and, of `l'hôpital` and `Ankara'da`, its parts; of `18th` its number. */
  terms: string[];
  hasCapital: boolean;
  /** A word of its own beside a contraction. */
  isLikeContraction: boolean;
}

interface Word {
  kind: "word";
  spelling: Spelling;
  /** Whether it begins a sentence. */
  begins: () => boolean;
}
type Run = Word | { kind: "characters"; characters: string[] };

/** Words as they are spelled, each looked at once: texts have few words that others have not. */
export class KnownWords {
  readonly #spellings = new Map<string, Spelling>();

  spellingOf(found: string): Spelling {
    const known = this.#spellings.get(found) ?? spellingOf(found);
    this.#spellings.set(found, known);
    return known;
  }
}

function* runsOf(text: string, known: KnownWords): Generator<Run> {
  const read = text.normalize("NFKC");
  for (const { 0: found, index } of read.matchAll(run)) {
    if (isUnspaced.test(found)) yield { kind: "characters", characters: Array.from(foldedSpelling(found)) };
    else {
      const begins = () => beginning.test(read.slice(Math.max(0, index - 4), index));
      yield { kind: "word", spelling: known.spellingOf(found), begins };
    }
  }
}

function spellingOf(found: string): Spelling {
  const bare = found.replace(possessive, "");
  const parts = bare.split(apostrophe);
  const word = foldedSpelling(parts.join(""));
  const others = parts.length === 1 ? [] : parts.filter((part) => part.length > 2).map(foldedSpelling);
  return {
    folded: word,
    terms: [word, ...others, ...(/^\d+(?=\p{L})/u.exec(word) ?? [])].map(stemOf),
    hasCapital: bare.length > 1 && /^\p{Lu}/u.test(bare),
    isLikeContraction: parts.length === 1 && likeContractions.has(word),
  };
}

const stemOf = (word: string): string =>
  /^[a-z]+$/u.test(word) ? stemmer(irregularForms.get(word) ?? word) : word;

/** A word with a capital that begins no sentence is a name. */
const isFunctionWord = ({ spelling, begins }: Word, list: ReadonlySet<string>) =>
  list.has(spelling.folded) && !spelling.isLikeContraction && !(spelling.hasCapital && !begins());

/** Ideographs between other characters: most of them are words, where a particle follows. */
function loneIdeographs(characters: readonly string[]): string[] {
  if (characters.length < 2) return [];
  const isHan = (at: number) => /\p{Script=Han}/u.test(characters[at] ?? "");
  return characters.filter((_, at) => isHan(at) && !isHan(at - 1) && !isHan(at + 1));
}
