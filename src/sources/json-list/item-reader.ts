import { endBeforeComma, findBeginning, findClosing, ItemRescan, isCutByBrace } from "./find-items.ts";
import {
  closeBracket,
  comma,
  isSpace,
  JsonStructure,
  openBrace,
  quote,
  skipString,
} from "./json-structure.ts";
import { type Piece, PieceWindow } from "./piece-window.ts";

/** One item of the list, or the bytes in its place. */
export interface ListedPiece extends Piece {
  /** From 1. */
  position: number;
  /** False when its end is unclear: it then extends to the next thing that begins like an item. */
  isBounded: boolean;
}

export interface ItemReaderOptions {
  /** A larger piece is not held whole. */
  maxItemBytes: number;
  onPiece: (piece: ListedPiece) => void;
  /** Whether an object within a broken piece is an item of the list by itself. */
  isItem: (bytes: Buffer) => boolean;
  /** In so many objects the list stands. */
  depth: number;
}

/**
 * Reads the items of a list, from after its opening bracket to the end of what follows the list.
 * An item ends where its brackets say so (`JsonStructure`), whatever else is wrong with it. When a quote or a bracket is missing or
 * superfluous, brackets cannot be trusted: the reader resynchronises at the next thing that begins like an item. Where several are broken so
 * that their brackets balance, what they enclose is searched for whole items all the same. What looks like
 * the end of the list is its end only if what follows fits the objects around the list.
 */
export class ItemReader {
  readonly #options: ItemReaderOptions;
  readonly #window = new PieceWindow();
  readonly #rescan: ItemRescan;
  #structure = JsonStructure.inList();
  #mode: "list" | "behind" | "resync" = "list";
  #inString = false;
  /** Where the last string began. */
  #stringFrom = 0;
  /** An item has begun, and its separator has not arrived yet. */
  #hasBegun = false;
  /** The end of an item, until it is certain that nothing of it follows. */
  #itemEnd: number | null = null;
  /** Where the next item began. */
  #nextFrom = 0;
  /** While resynchronising: where the next search for a beginning starts. */
  #searchFrom = 0;
  /** While resynchronising: the bytes after the list are what is broken. */
  #isBehind = false;
  #position = 0;
  #unbounded = 0;

  constructor(options: ItemReaderOptions) {
    this.#options = options;
    this.#rescan = new ItemRescan(options.isItem);
  }

  /** Bytes scanned; a byte counts each time. */
  get work(): number {
    return this.#rescan.work;
  }

  get position(): number {
    return this.#position;
  }

  /** Pieces whose end is unclear. */
  get unbounded(): number {
    return this.#unbounded;
  }

  push(chunk: Buffer): void {
    const moved = this.#window.append(chunk);
    this.#stringFrom -= moved;
    this.#nextFrom -= moved;
    this.#searchFrom -= moved;
    if (this.#itemEnd !== null) this.#itemEnd -= moved;
    this.#rescan.receive(chunk.length);
    this.#read();
  }

  /** Call at the end. Returns what follows the items, from the list's bracket on; null for a list without an end. */
  end(completes: (behind: Buffer) => boolean): Buffer | null {
    while (this.#mayHaveSwallowed(completes) && this.#restartAtItem(this.#window.end)) this.#read();
    const { bytes, start, end } = this.#window;
    if (this.#mode === "behind" || this.#isBehind) return bytes.subarray(start, end);
    const isOpen = this.#mode === "resync" || this.#structure.depth > 1;
    const bracket = isOpen ? this.#closingBracket(completes) : null;
    if (bracket === null) return this.#endInList();
    this.#emitBroken(bracket);
    return bytes.subarray(bracket, end);
  }

  /** The end of the list lies within the last item: that item has swallowed the ones after it. */
  #mayHaveSwallowed(completes: (behind: Buffer) => boolean): boolean {
    return this.#mode === "list" && this.#closingBracket(completes) !== null;
  }

  #read(): void {
    while (this.#step());
  }

  /** Takes one step in the current mode; false when it needs more bytes. */
  #step(): boolean {
    if (this.#mode === "resync") return this.#findNext();
    const window = this.#window;
    while (window.at < window.end) {
      if (this.#inString) this.#skipString();
      else if (isSpace(window.bytes[window.at])) window.at++;
      else if (!this.#take(window.bytes[window.at] ?? 0)) return this.#startResync();
    }
    return window.size > this.#options.maxItemBytes && this.#limitHeldBytes();
  }

  #skipString(): void {
    const window = this.#window;
    window.at = skipString(window.bytes, window.at, window.end);
    if (window.at >= window.end) return;
    window.at++;
    this.#inString = false;
  }

  /** Takes a byte outside of strings; false when it is not allowed there. */
  #take(byte: number): boolean {
    const window = this.#window;
    if (this.#mode === "behind") {
      if (this.#structure.depth === 0) return false;
    } else if (this.#structure.depth === 1) {
      if (byte === closeBracket) return this.#endList();
      this.#takeBetweenItems(byte);
    }
    if (byte === quote) this.#stringFrom = window.at;
    this.#inString = byte === quote;
    window.at++;
    return this.#structure.take(byte);
  }

  /** Handles bytes between items, and in items that are neither an object nor a list. */
  #takeBetweenItems(byte: number): void {
    const { at } = this.#window;
    if (byte === comma) {
      this.#endItem(at);
    } else if (byte === openBrace && (!this.#hasBegun || this.#structure.isBehindValue)) {
      // A brace begins the next item, even when the comma before it is missing.
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
      // There is nothing between two commas.
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
    const piece = this.#window.take(to);
    const hidden = isBounded && piece.isWhole ? this.#rescan.itemsHiddenIn(piece.bytes) : [];
    let from = 0;
    for (const { start, end } of hidden) {
      const endBefore = endBeforeComma(piece.bytes, from, start);
      if (endBefore > from) this.#tell(partOf(piece, from, endBefore), false);
      this.#tell(partOf(piece, start, end), true);
      from = end;
    }
    if (hidden.length === 0 || from < piece.bytes.length)
      this.#tell(partOf(piece, from, piece.bytes.length), isBounded && hidden.length === 0);
  }

  #tell(piece: Piece, isBounded: boolean): void {
    this.#position++;
    if (!isBounded) this.#unbounded++;
    this.#options.onPiece({ ...piece, position: this.#position, isBounded });
  }

  /** The item before the broken one is whole by itself, unless a superfluous brace has cut one item in two. */
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
    this.#structure = JsonStructure.behindMember(this.#options.depth);
    this.#mode = "behind";
    return true;
  }

  /** Handles a syntax error: searches for whole items in what was taken for a part of this one, then for any beginning. */
  #startResync(): boolean {
    const { at, start } = this.#window;
    if (this.#restartAtItem(at)) return true;
    this.#isBehind = this.#mode === "behind";
    this.#mode = "resync";
    this.#searchFrom = Math.max(start + 1, this.#rescan.isAllowed ? this.#stringFrom : at - 1);
    return true;
  }

  #restartAtItem(limit: number): boolean {
    const { bytes, start, end } = this.#window;
    const found = this.#rescan.findItem({ bytes, from: start, to: end }, limit);
    if (found !== null) this.#restartAt(found);
    return found !== null;
  }

  #restartAt(position: number): void {
    const window = this.#window;
    this.#rescan.spend(Math.max(0, window.at - position));
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

  /** Handles an oversized piece: it has swallowed others, or its bytes are dropped. True when there is more to read. */
  #limitHeldBytes(): boolean {
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

  /** Emits whole and broken items. An item that the end of the answer cuts off is neither. */
  #endInList(): null {
    const { end, start } = this.#window;
    if (this.#mode === "resync") this.#emitBroken(end);
    if (this.#mode === "resync") return null;
    if (this.#itemEnd !== null) this.#emitEnded();
    else if (this.#hasBegun && this.#structure.depth === 1 && this.#structure.isBehindValue && end > start)
      this.#emit(end, true);
    return null;
  }
}

function partOf(piece: Piece, from: number, to: number): Piece {
  if (from === 0 && to === piece.bytes.length) return piece;
  return { ...piece, bytes: piece.bytes.subarray(from, to), size: to - from };
}
