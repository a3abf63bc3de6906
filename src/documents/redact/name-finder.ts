import { foldName, foldText } from "./folded-text.ts";
import type { MappedText } from "./mapped-text.ts";
import { addSpan, type Span } from "./span.ts";

/** A tree of names, letter by letter. */
interface Branch {
  readonly next: Map<string, Branch>;
  /** Whether a name ends here. */
  isName: boolean;
}

const newBranch = (): Branch => ({ next: new Map(), isName: false });

/** Scripts that are written without spaces between words: a name in them may stand between any two letters. */
const unspaced = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;
/** In Korean, particles follow a name without a space. */
const hangul = /\p{sc=Hang}/u;
/** Hebrew and Arabic write small words as one letter in front of a name: and, to, in, from. */
const prefixed: readonly { script: RegExp; prefixes: RegExp }[] = [
  { script: /\p{sc=Hebr}/u, prefixes: /^[ומשהכלב]{1,2}$/u },
  { script: /\p{sc=Arab}/u, prefixes: /^[وفبلك]{1,2}$/u },
];
const wordUnit = /[\p{L}\p{M}]/u;
const latin = /\p{sc=Latn}/u;
/** Shorter ones with an `s` behind them are often other words. */
const shortestWithEnding = 4;

/**
 * Finds names in texts, as whole words, without regard to case, accents and Unicode forms. What separates the words of a name may be any
 * space, hyphen, dot or underscore, or nothing (`@adalovelace`). An apostrophe ends a word (`Ada's`), and so does the `s` of a genitive behind
 * a Latin name of four letters or more (`Gretas`); other endings are other words. Takes time in proportion to the text.
 */
export class NameFinder {
  readonly #root = newBranch();

  constructor(names: readonly string[]) {
    for (const name of names.map(foldName)) this.#add(name);
  }

  #add(name: string): void {
    let branch = this.#root;
    for (const unit of name) {
      const next = branch.next.get(unit) ?? newBranch();
      branch.next.set(unit, next);
      branch = next;
    }
    branch.isName = true;
  }

  /** Where names stand in the first form of a text whose reading is given, those that overlap as one. In order. */
  spansIn(reading: MappedText): Span[] {
    const { text: folded, starts, ends } = foldText(reading);
    const text = lettersOf(folded, { starts, ends });
    const spans: Span[] = [];
    let from = 0;
    let furthest = 0;
    for (const [index, unit] of text.letters.entries()) {
      // What stands right behind a name begins a word, once the name is taken out.
      const isBehindName = furthest > 0 && furthest === starts[from];
      const mayBegin = this.#root.next.has(unit) && (isBehindName || beginsWord(text, index));
      const length = mayBegin ? this.#lengthAt(text, index) : 0;
      if (length > 0) {
        const units = text.letters.slice(index, index + length).join("").length;
        const end = ends[from + units - 1] ?? 0;
        if (end > furthest) addSpan(spans, { start: starts[from] ?? 0, end });
        furthest = Math.max(furthest, end);
      }
      from += unit.length;
    }
    return spans;
  }

  /** The letters of the longest name that begins at this letter and ends with a word; 0 when none does. */
  #lengthAt(text: Letters, start: number): number {
    let longest = 0;
    let branches = after([this.#root], text.letters[start] ?? "");
    for (let end = start + 1; branches.length > 0; end += 1) {
      if (branches.some(({ isName }) => isName)) longest = endOfWord(text, start, end) - start || longest;
      branches = after(branches, text.letters[end] ?? "");
    }
    return longest;
  }
}

/** Where the tree goes on with a letter. The space between words of a name may be missing. */
function after(branches: readonly Branch[], unit: string): Branch[] {
  return branches.flatMap(({ next }) =>
    [next.get(unit), next.get(" ")?.next.get(unit)].filter((each) => each !== undefined),
  );
}

interface Letters {
  letters: readonly string[];
  /** Whether markup stood in front of a letter: a word may begin or end there. */
  edges: readonly boolean[];
}

function lettersOf(folded: string, { starts, ends }: Omit<MappedText, "text">): Letters {
  const letters = Array.from(folded);
  let from = 0;
  const edges = letters.map((letter) => {
    const isEdge = from > 0 && (ends[from - 1] ?? 0) < (starts[from] ?? 0);
    from += letter.length;
    return isEdge;
  });
  return { letters, edges };
}

/** Whether a word may begin at this letter, a small one in front of it left aside. */
function beginsWord({ letters, edges }: Letters, start: number): boolean {
  if (edges[start]) return true;
  const first = letters[start] ?? "";
  if (!isLetter(first) || unspaced.test(first) || !isLetter(letters[start - 1])) return true;
  const rule = prefixed.find(({ script }) => script.test(first));
  if (rule === undefined) return unspaced.test(letters[start - 1] ?? "");
  return [1, 2].some(
    (length) =>
      !isLetter(letters[start - length - 1]) &&
      rule.prefixes.test(letters.slice(start - length, start).join("")),
  );
}

/** Where the word ends of which a name takes these letters, its ending included; `start` when the word goes on. */
function endOfWord({ letters, edges }: Letters, start: number, end: number): number {
  if (edges[end]) return end;
  const last = letters[end - 1] ?? "";
  const next = letters[end] ?? "";
  if (!isLetter(next) || !isLetter(last)) return end;
  if (unspaced.test(last) || hangul.test(last) || unspaced.test(next)) return end;
  const hasEnding = next === "s" && latin.test(last) && end - start >= shortestWithEnding;
  const behind = letters[end + 1];
  return hasEnding && (!isLetter(behind) || unspaced.test(behind ?? "")) ? end + 1 : start;
}

function isLetter(unit: string | undefined): boolean {
  return unit !== undefined && wordUnit.test(unit);
}
