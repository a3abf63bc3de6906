/** What a tagger of English knows, by words and phrases in lower case. */
export interface Dictionary {
  /** What each is: `City`, `FemaleName`, or several. */
  lexicon: Readonly<Record<string, unknown>>;
  /** Words that may be two things: `rose` is `Person|Noun`. */
  switches: Readonly<Record<string, string>>;
}

/** That of compromise's model, whose types do not tell it. */
export function dictionaryOf(model: object): Dictionary {
  const { one, two } = model as { one: Pick<Dictionary, "lexicon">; two: Pick<Dictionary, "switches"> };
  return { lexicon: one.lexicon, switches: two.switches };
}

/** Whether a word, in lower case, is a thing and a name of people: `rose`, `lily`. */
export function isThingAndName(lower: string, { switches }: Dictionary): boolean {
  return Object.hasOwn(switches, lower) && switches[lower] === "Person|Noun";
}

const word = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*/gu;
const ownNames: ReadonlySet<unknown> = new Set(["FirstName", "MaleName", "FemaleName", "City", "Country"]);
const longNames: ReadonlySet<unknown> = new Set([
  ...ownNames,
  "Place",
  "Region",
  "Organization",
  "SportsTeam",
]);
/** Countries and cities that are things as well. */
const things: ReadonlySet<string> = new Set(["china", "cork", "jersey", "turkey"]);
/** "the marina", "my angel": no name follows. */
const beforeThings: ReadonlySet<string> = new Set(
  "a an the this these those my your his her its our their some any no every each".split(" "),
);
const titles: ReadonlySet<string> = new Set(
  "mr mrs ms miss dr doctor professor uncle aunt auntie".split(" "),
);
const small: ReadonlySet<string> = new Set(["of", "the", "and", "de", "la", "del"]);
const longestName = 4;

/**
 * A text that was dictated without capitals (but for "I"), with those of the names in it that the dictionary has and of who is named behind a title: without
 * capitals "sarah" and "boston" are words like any other. Of the same length; any other text is as it was.
 */
export function withCapitalsOfNames(text: string, dictionary: Dictionary): string {
  if (/\p{Lu}/u.test(text.replaceAll(/\bI\b/gu, ""))) return text;
  const words = Array.from(text.matchAll(word), ({ 0: written, index }) => ({ written, index }));
  const letters = Array.from({ length: text.length }, (_, at) => text.charAt(at));
  for (let first = 0; first < words.length; ) {
    const length = lengthOfName(words, first, { text, dictionary });
    for (const { written, index } of words.slice(first, first + length))
      if (length === 1 || !small.has(written)) letters[index] = capital(text.charAt(index));
    first += Math.max(1, length);
  }
  return letters.join("");
}

/** A letter whose capital are two stays. */
const capital = (letter: string) =>
  letter.toUpperCase().length === letter.length ? letter.toUpperCase() : letter;

type Words = readonly { written: string; index: number }[];

/** How many words from the first one on are a name; 0 for none. */
function lengthOfName(
  words: Words,
  first: number,
  { text, dictionary }: { text: string; dictionary: Dictionary },
) {
  const before = words[first - 1]?.written ?? "";
  if (beforeThings.has(before)) return 0;
  for (let length = Math.min(longestName, words.length - first); length > 1; length--) {
    const [begin, end] = [words[first], words[first + length - 1]];
    const phrase = text.slice(begin?.index, (end?.index ?? 0) + (end?.written.length ?? 0));
    if (isOne(phrase, longNames, dictionary)) return length;
  }
  const written = words[first]?.written.replace(/['’]s$/u, "") ?? "";
  if (titles.has(before) && isOne(written, new Set([...ownNames, "LastName"]), dictionary)) return 1;
  const isAmbiguous = things.has(written) || Object.hasOwn(dictionary.switches, written);
  return !isAmbiguous && isOne(written, ownNames, dictionary) ? 1 : 0;
}

function isOne(name: string, kinds: ReadonlySet<unknown>, { lexicon }: Dictionary): boolean {
  return Object.hasOwn(lexicon, name) && [lexicon[name]].flat().some((kind) => kinds.has(kind));
}
