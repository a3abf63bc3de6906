import { endBeforeComma, findBeginning, findClosing, isCutByBrace } from "./find-items.ts";
import { closeBracket, comma, isSpace, JsonStructure, openBrace, quote } from "./json-structure.ts";
import { type Piece, PieceWindow } from "./piece-window.ts";
import { SecondLook } from "./second-look.ts";
import { skipString } from "./skip-string.ts";

/** One item of the list, or what stands where one should be. */
export interface ListedPiece extends Piece {
  /** From 1. */
  position: number;
  /** False when it could not be told where it ends: it goes up to the next thing that begins like an item. */
  isBounded: boolean;
}

export interface ItemReaderOptions {
  /** Of a piece that has more no more is held. */
  maxItemBytes: number;
  onPiece: (piece: ListedPiece) => void;
  /** Whether an object that stands within a broken piece is an item of the list by itself. */
  isItem: (bytes: Buffer) => boolean;
}

/**
 * Reads the items of a list, from behind its bracket to the end of what stands behind the list.
 *
 * An item ends where its brackets say so (`JsonStructure`), whatever else is wrong with it. Where they cannot be trusted, because a
 * quote or a bracket is missing or too much, the list goes on with the next thing that begins like an item. What looks like the end of
 * the list is its end only if what follows has its place in the object around the list.
 */
export class ItemReader {
  readonly #options: ItemReaderOptions;
  readonly #window = new PieceWindow();
  readonly #secondLook: SecondLook;
  #structure = JsonStructure.inList();
  #mode: "list" | "behind" | "lost" = "list";
  #inString = false;
  /** Where the last string began. */
  #stringFrom = 0;
  /** Something of an item has come, and not yet what follows the item. */
  #hasBegun = false;
  /** The end of an item, until it is sure that nothing of it comes behind its end. */
  #itemEnd: number | null = null;
  /** Where the one behind it began. */
  #nextFrom = 0;
  /** While lost: where the next look for a beginning starts. */
  #searchFrom = 0;
  /** While lost: it is what stands behind the list that makes no sense. */
  #isBehind = false;
  #position = 0;
  #unbounded = 0;

  constructor(options: ItemReaderOptions) {
    this.#options = options;
    this.#secondLook = new SecondLook(options.isItem);
  }

  /** Bytes that were looked at, each as often as it was. */
  get work(): number {
    return this.#secondLook.work;
  }

  get position(): number {
    return this.#position;
  }

  /** Pieces whose end could not be told. */
  get unbounded(): number {
    return this.#unbounded;
  }

  push(chunk: Buffer): void {
    const moved = this.#window.append(chunk);
    this.#stringFrom -= moved;
    this.#nextFrom -= moved;
    this.#searchFrom -= moved;
    if (this.#itemEnd !== null) this.#itemEnd -= moved;
    this.#secondLook.receive(chunk.length);
    this.#read();
  }

  /**
   * All bytes have come. Returns what stands behind the items, the list's closing bracket first, or null when the list has no end.
   * `completes` says whether a text can be what stands behind the items.
   */
  end(completes: (behind: Buffer) => boolean): Buffer | null {
    while (this.#mayHaveSwallowed(completes) && this.#restartAtItem(this.#window.end)) this.#read();
    const { bytes, start, end } = this.#window;
    if (this.#mode === "behind" || this.#isBehind) return bytes.subarray(start, end);
    const isOpen = this.#mode === "lost" || this.#structure.depth > 1;
    const bracket = isOpen ? this.#closingBracket(completes) : null;
    if (bracket === null) return this.#endInList();
    this.#emitBroken(bracket);
    return bytes.subarray(bracket, end);
  }

  /** What ends the list stands within the last item: it has taken the items behind it for its own. */
  #mayHaveSwallowed(completes: (behind: Buffer) => boolean): boolean {
    return this.#mode === "list" && this.#closingBracket(completes) !== null;
  }

  #read(): void {
    while (this.#step());
  }

  /** Reads on in one mode; false when it needs more bytes. */
  #step(): boolean {
    if (this.#mode === "lost") return this.#findNext();
    const window = this.#window;
    while (window.at < window.end) {
      if (this.#inString) this.#skipString();
      else if (isSpace(window.bytes[window.at])) window.at++;
      else if (!this.#take(window.bytes[window.at] ?? 0)) return this.#lose();
    }
    return window.size > this.#options.maxItemBytes && this.#relieve();
  }

  #skipString(): void {
    const window = this.#window;
    window.at = skipString(window.bytes, window.at, window.end);
    if (window.at >= window.end) return;
    window.at++;
    this.#inString = false;
  }

  /** Takes a byte outside of strings; false where it cannot stand. */
  #take(byte: number): boolean {
    const window = this.#window;
    if (this.#mode === "behind") {
      if (this.#structure.depth === 0) return false;
    } else if (this.#structure.depth === 1) {
      if (byte === closeBracket) return this.#endList();
      this.#crossBorder(byte);
    }
    if (byte === quote) this.#stringFrom = window.at;
    this.#inString = byte === quote;
    window.at++;
    return this.#structure.take(byte);
  }

  /** Between items, and in those that are no object and no list. */
  #crossBorder(byte: number): void {
    const { at } = this.#window;
    if (byte === comma) {
      this.#endItem(at);
    } else if (byte === openBrace && (!this.#hasBegun || this.#structure.isBehindValue)) {
      // What begins with a brace is the next item; also when the comma before it is missing.
      if (this.#hasBegun) this.#endItem(at);
      this.#emitEnded();
      this.#window.beginAt(at);
      this.#structure = JsonStructure.inList();
      this.#hasBegun = true;
    } else if (!this.#hasBegun) {
      if (this.#itemEnd === null) this.#window.beginAt(at);
      this.#nextFrom = at;
      this.#hasBegun = true;
    }
  }

  #endItem(at: number): void {
    if (!this.#hasBegun) {
      // Nothing stands between two commas.
      this.#emitEnded();
      this.#window.beginAt(at);
    } else if (this.#itemEnd !== null) {
      this.#emitEnded();
      this.#window.beginAt(this.#nextFrom);
    }
    this.#itemEnd = at;
    this.#hasBegun = false;
  }

  #emitEnded(): void {
    if (this.#itemEnd !== null) this.#emit(this.#itemEnd, true);
    this.#itemEnd = null;
  }

  #emit(to: number, isBounded: boolean): void {
    this.#position++;
    if (!isBounded) this.#unbounded++;
    this.#options.onPiece({ ...this.#window.take(to), position: this.#position, isBounded });
  }

  /** The item before the broken one is whole by itself, unless the two are one that a brace too many has cut apart. */
  #emitBroken(to: number): void {
    const window = this.#window;
    const end = this.#itemEnd;
    if (
      end !== null &&
      !isCutByBrace(window.bytes.subarray(window.start, end), window.bytes.subarray(end, to))
    ) {
      this.#emitEnded();
      window.beginAt(Math.min(to, this.#hasBegun ? this.#nextFrom : end + 1));
    }
    this.#itemEnd = null;
    this.#emit(to, false);
  }

  #endList(): boolean {
    const window = this.#window;
    if (this.#hasBegun) this.#endItem(window.at);
    this.#emitEnded();
    window.beginAt(window.at);
    window.at++;
    this.#structure = JsonStructure.behindMember();
    this.#mode = "behind";
    return true;
  }

  /** Something stands where it cannot. Whole items are looked for in what was taken for a part of this one, then beginnings of any. */
  #lose(): boolean {
    const { at, start } = this.#window;
    if (this.#restartAtItem(at)) return true;
    this.#isBehind = this.#mode === "behind";
    this.#mode = "lost";
    this.#searchFrom = Math.max(start + 1, this.#secondLook.isAllowed ? this.#stringFrom : at - 1);
    return true;
  }

  #restartAtItem(limit: number): boolean {
    const { bytes, start, end } = this.#window;
    const found = this.#secondLook.findItem({ bytes, from: start, to: end }, limit);
    if (found !== null) this.#restartAt(found);
    return found !== null;
  }

  #restartAt(position: number): void {
    const window = this.#window;
    this.#secondLook.spend(Math.max(0, window.at - position));
    this.#emitBroken(endBeforeComma(window.bytes, window.start, position));
    window.beginAt(position);
    window.at = position;
    this.#structure = JsonStructure.inList();
    this.#mode = "list";
    this.#isBehind = false;
    this.#inString = false;
    this.#hasBegun = false;
    this.#itemEnd = null;
  }

  #findNext(): boolean {
    const window = this.#window;
    const { bytes, start, end } = window;
    const from = Math.max(this.#searchFrom, start + 1);
    const beginning = findBeginning({ bytes, from, to: end }, { floor: start, limit: end });
    if ("found" in beginning) {
      this.#restartAt(beginning.found);
      return true;
    }
    this.#searchFrom = beginning.undecided;
    if (window.size > this.#options.maxItemBytes) this.#shed();
    return false;
  }

  /** The piece is larger than may be held: either it has swallowed others, or its bytes are let go. True when there is more to read. */
  #relieve(): boolean {
    const window = this.#window;
    if (this.#mode === "list" && !this.#hasBegun) {
      this.#emitEnded();
      window.beginAt(window.end);
      return false;
    }
    if (this.#mode === "list" && this.#restartAtItem(window.end)) return true;
    this.#shed();
    return false;
  }

  #shed(): void {
    const window = this.#window;
    if (this.#itemEnd !== null) {
      this.#emitEnded();
      window.beginAt(this.#nextFrom);
    }
    if (window.size > this.#options.maxItemBytes) window.shed();
  }

  #closingBracket(completes: (behind: Buffer) => boolean): number | null {
    if (this.#mode === "list" && !this.#hasBegun) return null;
    const { bytes, start: from, end: to } = this.#window;
    return findClosing({ bytes, from, to }, completes);
  }

  /** What is whole is handed over, and what is broken. What was only cut off by the end is neither. */
  #endInList(): null {
    const { end, start } = this.#window;
    if (this.#mode === "lost") this.#emitBroken(end);
    if (this.#mode === "lost") return null;
    if (this.#itemEnd !== null) this.#emitEnded();
    else if (this.#hasBegun && this.#structure.depth === 1 && this.#structure.isBehindValue && end > start)
      this.#emit(end, true);
    return null;
  }
}
