import { addSpan, type Span } from "./span.ts";

/** What is wrong with a pattern, for people. */
export class PatternProblem extends Error {}

type Test = (character: string) => boolean;

type Tree =
  | { kind: "character"; fits: Test }
  | { kind: "place"; sign: string }
  | { kind: "row"; parts: readonly Tree[] }
  | { kind: "choice"; parts: readonly Tree[] }
  | { kind: "repeated"; part: Tree; min: number; max: number };

/** A state of the automaton; `next` and `other` are numbers of states. */
type State =
  | { kind: "character"; fits: Test; next: number }
  | { kind: "place"; sign: string; next: number }
  | { kind: "fork"; next: number; other: number }
  | { kind: "end" };

const maxCharacters = 1_000;
/** Every character of a text is compared with at most so many states. */
const maxStates = 2_000;
const maxDepth = 50;

/**
 * A regular expression that takes time in proportion to the text, whatever it says: all ways through it are followed at once, instead
 * of one after the other as the engine of the language does. It knows characters, classes, groups, `|`, `?`, `*`, `+`, `{1,3}`, `^`, `$`
 * and `\b`, without regard to case; what would need a memory (back references, looking ahead and behind) is refused.
 */
export class LinearPattern {
  readonly #states: readonly State[];

  /** Throws a `PatternProblem`. */
  constructor(pattern: string) {
    if (pattern.length > maxCharacters)
      throw new PatternProblem(`is longer than ${maxCharacters} characters`);
    const source = pattern.normalize("NFC");
    checkSyntax(source);
    const tree = new PatternReader(source).whole();
    if (fitsNothing(tree)) throw new PatternProblem("fits the empty text, and so everywhere");
    this.#states = new Builder().whole(tree);
  }

  /** The parts of a text that the pattern fits, those that overlap as one. In order. */
  spansIn(text: string): Span[] {
    const walk = new Walk(this.#states, text);
    const spans: Span[] = [];
    let position = 0;
    walk.arrive(position);
    for (const character of text) {
      position += character.length;
      walk.take(character);
      const start = walk.arrive(position);
      if (start !== null) addSpan(spans, { start, end: position });
    }
    return spans;
  }
}

/** Ways through the automaton that are at one position of the text: the states that they have reached, in the order of their beginnings. */
class Ways {
  readonly #states: Int32Array;
  readonly #starts: Int32Array;
  /** By state: its place in the order; only what stands there tells whether it is meant. */
  readonly #places: Int32Array;
  length = 0;

  constructor(states: number) {
    this.#states = new Int32Array(states);
    this.#starts = new Int32Array(states);
    this.#places = new Int32Array(states);
  }

  /** False when a way that began earlier is there already. */
  add(state: number, start: number): boolean {
    if (this.startOf(state) !== null) return false;
    this.#states[this.length] = state;
    this.#starts[this.length] = start;
    this.#places[state] = this.length;
    this.length += 1;
    return true;
  }

  stateAt(place: number): number {
    return this.#states[place] ?? 0;
  }

  startAt(place: number): number {
    return this.#starts[place] ?? 0;
  }

  /** Where the way began that has reached a state; null when none has. */
  startOf(state: number): number | null {
    const place = this.#places[state] ?? 0;
    return place < this.length && this.#states[place] === state ? this.startAt(place) : null;
  }
}

/** Follows all ways through the automaton at once. Of ways that meet in one state only the one that began first goes on. */
class Walk {
  readonly #states: readonly State[];
  readonly #text: string;
  #live: Ways;
  #spare: Ways;
  #position = 0;

  constructor(states: readonly State[], text: string) {
    this.#states = states;
    this.#text = text;
    this.#live = new Ways(states.length);
    this.#spare = new Ways(states.length);
  }

  /** Follows the ways over a character. */
  take(character: string): void {
    const before = this.#live;
    this.#live = this.#spare;
    this.#live.length = 0;
    this.#spare = before;
    this.#position += character.length;
    for (let place = 0; place < before.length; place += 1) {
      const state = this.#states[before.stateAt(place)];
      if (state?.kind === "character" && state.fits(character))
        this.#enter(state.next, before.startAt(place));
    }
  }

  /** Begins a way at this position. Where the longest way that ends here began; null when none does. */
  arrive(position: number): number | null {
    this.#enter(0, position);
    return this.#live.startOf(this.#states.length - 1);
  }

  #enter(number: number, start: number): void {
    const state = this.#states[number];
    if (state === undefined || !this.#live.add(number, start)) return;
    if (state.kind === "fork") {
      this.#enter(state.next, start);
      this.#enter(state.other, start);
    } else if (state.kind === "place" && isPlace(state.sign, this.#text, this.#position))
      this.#enter(state.next, start);
  }
}

/** Whether the empty text fits, at whatever place. */
function fitsNothing(tree: Tree): boolean {
  switch (tree.kind) {
    case "character":
      return false;
    case "place":
      return true;
    case "row":
      return tree.parts.every(fitsNothing);
    case "choice":
      return tree.parts.some(fitsNothing);
    case "repeated":
      return tree.min === 0 || fitsNothing(tree.part);
  }
}

const wordUnit = /^[\p{L}\p{N}\p{M}_]$/u;

function isPlace(sign: string, text: string, at: number): boolean {
  if (sign === "^") return at === 0 || text[at - 1] === "\n";
  if (sign === "$") return at === text.length || text[at] === "\n";
  const isEdge = isWordBefore(text, at) !== isWordAt(text, at);
  return sign === "\\b" ? isEdge : !isEdge;
}

/** Whether a letter, a digit, a mark or `_` stands in front of this position. */
function isWordBefore(text: string, at: number): boolean {
  return at > 0 && wordUnit.test(Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? "");
}

function isWordAt(text: string, at: number): boolean {
  return at < text.length && wordUnit.test(String.fromCodePoint(text.codePointAt(at) ?? 0));
}

/** Makes the automaton; its first state is the beginning, its last one the end. */
class Builder {
  readonly #states: State[] = [];

  whole(tree: Tree): State[] {
    // Built from the end: a state knows what follows it. Numbers are turned round when all are there.
    const end = this.#add({ kind: "end" });
    const first = this.#build(tree, end);
    this.#add({ kind: "fork", next: first, other: first });
    const last = this.#states.length - 1;
    const turned = (number: number) => last - number;
    return this.#states.toReversed().map((state): State => {
      if (state.kind === "end") return state;
      const next = turned(state.next);
      return state.kind === "fork" ? { ...state, next, other: turned(state.other) } : { ...state, next };
    });
  }

  #add(state: State): number {
    if (this.#states.length >= maxStates)
      throw new PatternProblem("is too large: it repeats something too often");
    return this.#states.push(state) - 1;
  }

  #build(tree: Tree, next: number): number {
    switch (tree.kind) {
      case "character":
      case "place":
        return this.#add({ ...tree, next });
      case "row":
        return tree.parts.reduceRight((behind, part) => this.#build(part, behind), next);
      case "choice":
        return tree.parts
          .map((part) => this.#build(part, next))
          .reduceRight((other, first) => this.#add({ kind: "fork", next: first, other }));
      case "repeated":
        return this.#repeat(tree, next);
    }
  }

  #repeat({ part, min, max }: Tree & { kind: "repeated" }, next: number): number {
    let first = next;
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.#add({ kind: "fork", next, other: next });
      this.#states[loop] = { kind: "fork", next: this.#build(part, loop), other: next };
      first = loop;
    } else {
      for (let more = min; more < max; more += 1)
        first = this.#add({ kind: "fork", next: this.#build(part, first), other: next });
    }
    for (let once = 0; once < min; once += 1) first = this.#build(part, first);
    return first;
  }
}

/** Syntax is the language's own; it is only read here, never run. */
function checkSyntax(pattern: string): void {
  try {
    new RegExp(pattern, "iu");
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split(": ").at(-1) ?? "") : "";
    throw new PatternProblem(`is no regular expression: ${reason.toLowerCase()}`);
  }
}

/** Reads a pattern whose syntax is known to be right, by descent. */
class PatternReader {
  readonly #pattern: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  whole(): Tree {
    return this.#choice();
  }

  #choice(): Tree {
    if (++this.#depth > maxDepth) throw new PatternProblem(`is nested deeper than ${maxDepth} levels`);
    const parts = [this.#row()];
    while (this.#takes("|")) parts.push(this.#row());
    this.#depth -= 1;
    return { kind: "choice", parts };
  }

  #row(): Tree {
    const parts: Tree[] = [];
    while (this.#at < this.#pattern.length && !this.#isNext("|") && !this.#isNext(")"))
      parts.push(this.#repeated(this.#one()));
    return { kind: "row", parts };
  }

  #repeated(part: Tree): Tree {
    const [text, least, comma, most] =
      this.#match(/\*|\+|\?|\{(\d+)(,?)(\d*)\}/uy) ?? ([] as (string | undefined)[]);
    if (text === undefined) return part;
    // As few as possible or as many as possible: what all of them cover is the same.
    this.#takes("?");
    if (text === "*") return { kind: "repeated", part, min: 0, max: Number.POSITIVE_INFINITY };
    if (text === "+") return { kind: "repeated", part, min: 1, max: Number.POSITIVE_INFINITY };
    if (text === "?") return { kind: "repeated", part, min: 0, max: 1 };
    const min = Number(least);
    const max = comma === "" ? min : most ? Number(most) : Number.POSITIVE_INFINITY;
    if (Math.max(min, max === Number.POSITIVE_INFINITY ? 0 : max) > maxStates)
      throw new PatternProblem("is too large: it repeats something too often");
    return { kind: "repeated", part, min, max };
  }

  #one(): Tree {
    if (this.#takes("(")) return this.#group();
    const place = this.#match(/\^|\$|\\[bB]/uy)?.[0];
    if (place !== undefined) return { kind: "place", sign: place };
    if (this.#match(/\\(?:[1-9]|k<)/uy) !== null)
      throw new PatternProblem("refers back to a group, which takes more than one look at the text");
    const single = this.#match(
      /\[(?:[^\]\\]|\\.)*\]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u.{4}|\\x..|\\c.|\\.|./suy,
    );
    return { kind: "character", fits: testOf(single?.[0] ?? "") };
  }

  #group(): Tree {
    const beginning = this.#match(/\?(?::|<?[=!]|<[^>]*>|[^:]*:)/uy)?.[0] ?? "";
    if (/^\?<?[=!]/u.test(beginning))
      throw new PatternProblem("looks ahead or behind, which takes more than one look at the text");
    if (/^\?[a-z-]+:/u.test(beginning)) throw new PatternProblem("changes its own flags");
    const inside = this.#choice();
    this.#takes(")");
    return inside;
  }

  #isNext(text: string): boolean {
    return this.#pattern.startsWith(text, this.#at);
  }

  #takes(text: string): boolean {
    const isIt = this.#isNext(text);
    if (isIt) this.#at += text.length;
    return isIt;
  }

  #match(what: RegExp): RegExpExecArray | null {
    what.lastIndex = this.#at;
    const found = what.exec(this.#pattern);
    if (found !== null) this.#at = what.lastIndex;
    return found;
  }
}

/** One character is left to the language's own engine, which has nothing to try there twice. Answers are remembered. */
function testOf(single: string): Test {
  const isWordClass = single === "\\w" || single === "\\W";
  // Letters of all scripts, as in `\b`.
  const word = single === "\\w" ? "[\\p{L}\\p{N}\\p{M}_]" : "[^\\p{L}\\p{N}\\p{M}_]";
  const fits = new RegExp(`^${isWordClass ? word : single}$`, "iu");
  const known = new Map<string, boolean>();
  return (character) => {
    const remembered = known.get(character);
    if (remembered !== undefined) return remembered;
    const answer = fits.test(character);
    if (known.size < 10_000) known.set(character, answer);
    return answer;
  };
}
