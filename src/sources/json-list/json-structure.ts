export const quote = 0x22;
export const comma = 0x2c;
export const colon = 0x3a;
export const backslash = 0x5c;
export const openBracket = 0x5b;
export const closeBracket = 0x5d;
export const openBrace = 0x7b;
export const closeBrace = 0x7d;

/** Deeper nesting is nothing but brackets. */
const maxDepth = 10_000;

/** What preceded a byte, as far as it decides what may follow. */
type Before = "open" | "comma" | "colon" | "string" | "closed" | "bare";

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/**
 * Follows the structure of a JSON text byte by byte, so that the end of a value is known even when it is not quite JSON: unknown
 * words, superfluous or missing commas and bad escapes do not matter. It fails where brackets do not match and where something
 * comes next to a string that cannot be there. After a superfluous or missing quote this happens within a few bytes; from there on
 * strings and structure would be confused.
 */
export class JsonStructure {
  readonly #open: number[];
  #before: Before;

  private constructor(open: number[], before: Before) {
    this.#open = open;
    this.#before = before;
  }

  /** In a list, before an item. */
  static inList(): JsonStructure {
    return new JsonStructure([openBracket], "comma");
  }

  /** Behind the value of a member, in so many objects within each other. */
  static behindMember(depth: number): JsonStructure {
    return new JsonStructure(Array<number>(depth).fill(openBrace), "closed");
  }

  /** The number of open lists and objects. */
  get depth(): number {
    return this.#open.length;
  }

  get isBehindValue(): boolean {
    return this.#before === "closed";
  }

  /** Whether the name of a member comes next. */
  get isBeforeName(): boolean {
    return !this.#isInList() && this.#isBeforeItem();
  }

  get isBehindColon(): boolean {
    return this.#before === "colon";
  }

  /**
   * Takes a byte outside of strings, or the quote that begins one; the caller finds the string's end. False when the byte is not
   * allowed there.
   */
  take(byte: number | undefined): boolean {
    switch (byte) {
      case openBrace:
      case openBracket:
        return this.#push(byte);
      case closeBrace:
        return this.#pop(openBrace);
      case closeBracket:
        return this.#pop(openBracket);
      case comma:
        this.#before = "comma";
        return true;
      case colon:
        return this.#colon();
      case quote:
        return this.#string();
      default:
        return isSpace(byte) || this.#bare();
    }
  }

  #push(bracket: number): boolean {
    const mayStand = this.#before === "colon" || (this.#isInList() && this.#isBeforeItem());
    this.#open.push(bracket);
    this.#before = "open";
    return mayStand && this.depth <= maxDepth;
  }

  #isInList(): boolean {
    return this.#open.at(-1) === openBracket;
  }

  #isBeforeItem(): boolean {
    return this.#before === "open" || this.#before === "comma";
  }

  #pop(opened: number): boolean {
    this.#before = "closed";
    return this.#open.pop() === opened;
  }

  #colon(): boolean {
    const mayStand = (this.#before === "string" && !this.#isInList()) || this.#before === "bare";
    this.#before = "colon";
    return mayStand;
  }

  #string(): boolean {
    const mayStand = this.#before !== "bare" && this.#before !== "closed";
    this.#before = "string";
    return mayStand;
  }

  #bare(): boolean {
    const mayStand = this.#before !== "string" && this.#before !== "closed";
    this.#before = "bare";
    return mayStand;
  }
}

/**
 * Where the string ends whose content goes on at `from`: the place of its closing quote. `to` when the end has not come yet, and one
 * beyond when the next byte is escaped.
 */
export function skipString(bytes: Buffer, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}
