import { distanceKm } from "../domain/areas.ts";
import type { Memory, MemoryLocation } from "../domain/memory.ts";
import { isDay } from "../kernel/util/calendar.ts";
import { dayShown } from "../kernel/util/time-zone.ts";

/** Whether a memory is chosen. Asks no service, and takes time in proportion to the memory and the expression. */
export type Choice = (memory: Memory) => boolean;

/** What is wrong with an expression, for people. */
export class ChoiceProblem extends Error {}

const maxCharacters = 10_000;
const maxDepth = 50;

/**
 * Reads an expression such as `tag = family and not (type = photo or text contains "secret")`. Fields: `tag`, `type`, `title`,
 * `text`, `speaker`, `place` and `time`; besides `near(50.73, 7.1, 5km)`. Texts are compared without regard to case. A day of `time` is a whole one, by the clocks of
 * the zone. Throws a `ChoiceProblem`.
 */
export function readChoice(expression: string, timeZone: string): Choice {
  if (expression.length > maxCharacters)
    throw new ChoiceProblem(`is longer than ${maxCharacters} characters`);
  return new Reader(tokensOf(expression), timeZone).whole();
}

/** Why a text is no such expression; null when it is one. */
export function choiceProblem(expression: string): string | null {
  try {
    readChoice(expression, "UTC");
    return null;
  } catch (error) {
    if (error instanceof ChoiceProblem) return error.message;
    throw error;
  }
}

interface Token {
  kind: "word" | "text" | "sign" | "end";
  text: string;
  /** From 1. */
  at: number;
}

const token = /\s*(?:"((?:[^"\\]|\\.)*)"|(!=|<=|>=|[=<>(),])|([^\s"()=<>!,]+))/uy;

function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  const end = expression.trimEnd().length;
  for (token.lastIndex = 0; token.lastIndex < end; ) {
    const from = token.lastIndex;
    const [whole, quoted, sign, word] = token.exec(expression) ?? [];
    if (whole === undefined) throw new ChoiceProblem(`cannot be read at character ${from + 1}`);
    const at = from + whole.length - whole.trimStart().length + 1;
    if (quoted !== undefined) tokens.push({ kind: "text", text: quoted.replace(/\\(.)/gu, "$1"), at });
    else tokens.push({ kind: sign === undefined ? "word" : "sign", text: sign ?? word ?? "", at });
  }
  return [...tokens, { kind: "end", text: "its end", at: end + 1 }];
}

/** Reads by descent: `or` of `and` of `not` of tests. */
class Reader {
  readonly #tokens: readonly Token[];
  readonly #timeZone: string;
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], timeZone: string) {
    this.#tokens = tokens;
    this.#timeZone = timeZone;
  }

  whole(): Choice {
    const choice = this.#any();
    if (this.#peek().kind !== "end") throw this.#wrong("and, or, or its end");
    return choice;
  }

  #any(): Choice {
    const choices = [this.#all()];
    while (this.#takes("or")) choices.push(this.#all());
    return (memory) => choices.some((choice) => choice(memory));
  }

  #all(): Choice {
    const choices = [this.#one()];
    while (this.#takes("and")) choices.push(this.#one());
    return (memory) => choices.every((choice) => choice(memory));
  }

  #one(): Choice {
    if (++this.#depth > maxDepth) throw new ChoiceProblem(`is nested deeper than ${maxDepth} levels`);
    const choice = this.#takes("not")
      ? negated(this.#one())
      : this.#takes("(")
        ? this.#inBrackets()
        : this.#test();
    this.#depth--;
    return choice;
  }

  #inBrackets(): Choice {
    const choice = this.#any();
    this.#expect(")");
    return choice;
  }

  #test(): Choice {
    if (this.#takes("near")) return this.#near();
    const field = this.#peek();
    const name = field.text.toLowerCase();
    if (field.kind !== "word" || !(name === "time" || texts.has(name)))
      throw this.#wrong(`not, near, time, or one of ${[...texts.keys()].join(", ")}`);
    this.#next++;
    return name === "time" ? this.#time() : this.#text(texts.get(name) ?? (() => []));
  }

  #text(read: ReadTexts): Choice {
    const { text: sign } = this.#peek();
    if (!["=", "!=", "contains"].includes(sign)) throw this.#wrong("=, != or contains");
    this.#next++;
    const wanted = folded(this.#value("a text"));
    const values = (memory: Memory) => read(memory).flatMap((value) => (value == null ? [] : folded(value)));
    if (sign === "contains") return (memory) => values(memory).some((value) => value.includes(wanted));
    const isOne = (memory: Memory) => values(memory).includes(wanted);
    return sign === "=" ? isOne : negated(isOne);
  }

  #time(): Choice {
    const { text: sign } = this.#peek();
    const compare = comparisons.get(sign);
    if (compare === undefined) throw this.#wrong([...comparisons.keys()].join(", "));
    this.#next++;
    const value = this.#value("a day such as 2026-03-01, or a time such as 2026-03-01T08:15:00Z");
    if (day.test(value) && isDay(value))
      return ({ createdAt }) => compare(dayShown(Date.parse(createdAt), this.#timeZone), value);
    const isTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/u.test(value);
    const instant = isTime && isDay(value.slice(0, 10)) ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(instant)) {
      this.#next--;
      throw this.#wrong("a day such as 2026-03-01, or a time with its zone");
    }
    return ({ createdAt }) => compare(Date.parse(createdAt), instant);
  }

  #near(): Choice {
    this.#expect("(");
    const lat = this.#number(90);
    this.#expect(",");
    const lon = this.#number(180);
    this.#expect(",");
    const radiusKm = this.#distance();
    this.#expect(")");
    const centre: MemoryLocation = { lat, lon };
    return ({ location }) => location !== null && distanceKm(location, centre) <= radiusKm;
  }

  #number(most: number): number {
    const number = Number(this.#value(`degrees from -${most} to ${most}`));
    if (Math.abs(number) <= most) return number;
    this.#next--;
    throw this.#wrong(`degrees from -${most} to ${most}`);
  }

  #distance(): number {
    const [, number = "", unit] =
      /^(\d+(?:\.\d+)?)(km|m)$/u.exec(this.#value("a distance such as 5km or 300m")) ?? [];
    if (unit !== undefined) return unit === "km" ? Number(number) : Number(number) / 1000;
    this.#next--;
    throw this.#wrong("a distance such as 5km or 300m");
  }

  #value(wanted: string): string {
    const { kind, text } = this.#peek();
    if (kind !== "word" && kind !== "text") throw this.#wrong(wanted);
    this.#next++;
    return text;
  }

  #takes(text: string): boolean {
    const next = this.#peek();
    const isIt = next.kind !== "text" && next.kind !== "end" && next.text.toLowerCase() === text;
    if (isIt) this.#next++;
    return isIt;
  }

  #expect(text: string): void {
    if (!this.#takes(text)) throw this.#wrong(text);
  }

  #peek(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", text: "its end", at: 0 };
  }

  #wrong(wanted: string): ChoiceProblem {
    const { text, at } = this.#peek();
    return new ChoiceProblem(`has ${text.slice(0, 40)} at character ${at}, where ${wanted} is expected`);
  }
}

type ReadTexts = (memory: Memory) => readonly (string | null | undefined)[];

const texts: ReadonlyMap<string, ReadTexts> = new Map<string, ReadTexts>([
  ["tag", ({ tags }: Memory) => tags],
  ["type", ({ type }: Memory) => [type]],
  ["title", ({ title }: Memory) => [title]],
  ["text", ({ transcript, title }: Memory) => [transcript, title]],
  ["speaker", ({ segments = [] }: Memory) => segments.map(({ speaker }) => speaker)],
  ["place", ({ placeName }: Memory) => [placeName]],
]);

const day = /^\d{4}-\d{2}-\d{2}$/u;

/** Of two instants, or of two days as they are written. */
type Compare = <Time extends number | string>(a: Time, b: Time) => boolean;

const comparisons: ReadonlyMap<string, Compare> = new Map<string, Compare>([
  ["<", (a, b) => a < b],
  ["<=", (a, b) => a <= b],
  [">", (a, b) => a > b],
  [">=", (a, b) => a >= b],
  ["=", (a, b) => a === b],
  ["!=", (a, b) => a !== b],
]);

const negated =
  (choice: Choice): Choice =>
  (memory) =>
    !choice(memory);

const folded = (text: string) => text.normalize("NFC").toLowerCase();
