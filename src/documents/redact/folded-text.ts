import { type MappedText, mapped } from "./mapped-text.ts";

/** Letters that no canonical form takes apart into a letter and its accent. */
const plainLetters: ReadonlyMap<string, string> = new Map([
  ["ß", "ss"],
  ["æ", "ae"],
  ["œ", "oe"],
  ["ø", "o"],
  ["ł", "l"],
  ["đ", "d"],
  ["ð", "d"],
  ["þ", "th"],
  ["ħ", "h"],
  ["ı", "i"],
  ["ς", "σ"],
]);

/** What stands between the words of a name, or of a name in an address or in the name of a file. */
const separator = /^[\s\p{Pd}\p{Pc}.+·・]$/u;
/** Accents of Latin, Greek and Cyrillic, points of Hebrew and Arabic; no vowel signs of other scripts, which make another word. */
const unseen = /[\u0300-\u036F\u0591-\u05C7\u0610-\u061A\u064B-\u065F\u0670\u06D6-\u06ED\p{Cf}]/gu;

/** A text as names are compared in it: without case, accents, forms of letters and what nobody sees; what separates words is one space. */
export function foldText(given: MappedText): MappedText {
  const starts: number[] = [];
  const ends: number[] = [];
  const folded: string[] = [];
  let at = 0;
  for (const character of given.text) {
    const letters = foldCharacter(character);
    const start = given.starts[at] ?? 0;
    at += character.length;
    const end = given.ends[at - 1] ?? start;
    if (letters === "" || (letters === " " && folded.at(-1) === " ")) {
      // A mark belongs to its letter, and a run of separators is one.
      if (ends.length > 0) ends[ends.length - 1] = end;
    } else {
      folded.push(letters);
      for (let unit = 0; unit < letters.length; unit += 1) {
        starts.push(start);
        ends.push(end);
      }
    }
  }
  return { text: folded.join(""), starts, ends };
}

/** A name as `foldText` has it, without separators around it. */
export function foldName(name: string): string {
  return foldText(mapped(name.normalize("NFC"))).text.trim();
}

const known = new Map<string, string>();

function foldCharacter(character: string): string {
  const remembered = known.get(character);
  if (remembered !== undefined) return remembered;
  const letters = separator.test(character) ? " " : foldLetters(character);
  if (known.size < 100_000) known.set(character, letters);
  return letters;
}

function foldLetters(character: string): string {
  const bare = character.normalize("NFKD").replace(unseen, "").normalize("NFC").toLowerCase();
  const plain = Array.from(bare, (letter) => plainLetters.get(letter) ?? letter).join("");
  return plain.replaceAll(/[’‘ʼ]/gu, "'").replaceAll(/\s/gu, " ");
}
