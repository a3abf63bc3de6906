import { tagsAlone, type Word } from "./language.ts";
import { isJoinedToI, isWhatPeopleDo } from "./name-words.ts";
import { bareWord, isPossessive, singularPhrase } from "./names.ts";
import { kinNouns } from "./noun-lists.ts";
import { type EntityType, typeOfPhrase } from "./noun-types.ts";

/** Small words inside one name: "Game of Thrones", "Bank of the West". */
export const joiners: ReadonlySet<string> = new Set(["of", "the", "de", "la", "del", "van", "von"]);

const beforePlaces: ReadonlySet<string> = new Set("in at from near to around visit visited".split(" "));
const beforePeople: ReadonlySet<string> = new Set(
  "with ask asked meet met tell told call called named thank thanked join joined help helped invite invited".split(
    " ",
  ),
);
const typeOfTag: ReadonlyMap<string, EntityType> = new Map([
  ["Person", "person"],
  ["Place", "location"],
  ["Organization", "organization"],
]);

/** What a proper name names: by its last noun ("Harbour Museum"), by the lexicon, else by what stands around it. */
export function typeOfName(words: readonly Word[], first: number, last: number): EntityType {
  const name = words.slice(first, last + 1);
  const byHead = name.length > 1 ? typeOfPhrase(singularPhrase(name)) : undefined;
  return byHead ?? typeByLexicon(name) ?? typeByContext(words, first, last);
}

/** Word for word: the tagger's guesses from the context are not trusted. */
function typeByLexicon(name: readonly Word[]): EntityType | undefined {
  if (name.some((word) => joiners.has(word.lower))) return undefined;
  const known = name.map((word) => tagsAlone(bareWord(word)));
  const [, type] = [...typeOfTag].find(([tag]) => known.some((tags) => tags.has(tag))) ?? [];
  return type === "person" && !isPersonal(name, known) ? undefined : type;
}

/** "Apex Legends" is nobody for having a surname in it: people's names begin with a given name or an initial. */
function isPersonal(name: readonly Word[], known: readonly ReadonlySet<string>[]): boolean {
  return (
    known.length === 1 || known[0]?.has("Person") === true || /^(?:\p{Lu}\.?)+$/u.test(name[0]?.text ?? "")
  );
}

function typeByContext(words: readonly Word[], first: number, last: number): EntityType {
  const name = words[last];
  if (name === undefined || /^\p{Lu}{2,}s?$/u.test(name.text)) return "concept";
  if (words[first - 1]?.tags.has("Determiner") === true) return "concept";
  const before = words[first - 1]?.lower ?? "";
  if (beforePlaces.has(before)) return "location";
  if (typeOfPhrase(before) === "creature") return "creature";
  const isPerson =
    kinNouns.has(before) || beforePeople.has(before) || isPossessive(name) || isJoinedToI(words, last);
  return isPerson || isWhatPeopleDo(words[last + 1]) ? "person" : "concept";
}
