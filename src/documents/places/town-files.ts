import { open, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { packagedFile } from "../../packaged-file.ts";

/**
 * Two files hold the gazetteer so that one name costs little: `town-names.br` has the folded names of all towns, sorted, to be looked through at
 * once; `towns.br` has what is known of the towns, in blocks of so many names, of which one is unpacked alone. scripts/towns/pack.ts writes them.
 */
export interface TownsHeader {
  /** How many towns there are, and how many bytes their names take at most. */
  cities: number;
  nameBytes: number;
  namesPerBlock: number;
  /** Where each block ends, in bytes. */
  ends: number[];
}

/** The most characters that a name in the file takes from the one before it. */
export const mostShared = 60;
/** Stands for as many characters as it comes after this one. */
export const sharedBase = 48;
/** Begins the first of the towns of a name. */
export const newName = "+";

/** A folded name as most towns write it: such a name does not stand in the table. `san jose` is `San Jose`. */
export const asMostWrite = (folded: string): string =>
  folded.replaceAll(/(?<=^|[ -])[a-z]/gu, (letter) => letter.toUpperCase());

const unpack = promisify(brotliDecompress);
/** Somewhat more than a block, and a good part of all names. Bytes. */
const chunkSize = 1 << 16;
const newLine = 10;

/** The names that were unpacked last, as long as nobody else needs the memory: who has mistyped a name asks again. */
let latest: WeakRef<TownNames> | undefined;

/** Looks at one name after the other. The first `shared` characters are those of the name before. */
export type NameVisitor = (characters: Uint16Array, length: number, shared: number, number: number) => void;

/** The folded names of all towns, sorted, numbered from 0. */
export class TownNames {
  readonly header: TownsHeader;
  readonly #text: string;
  readonly #begin: number;

  private constructor(text: string) {
    this.#text = text;
    this.#begin = text.indexOf("\n") + 1;
    this.header = JSON.parse(text.slice(0, this.#begin)) as TownsHeader;
  }

  static async read(): Promise<TownNames> {
    const known = latest?.deref();
    if (known !== undefined) return known;
    const packed = await readFile(packagedFile("data/town-names.br"));
    const names = new TownNames((await unpack(packed, { chunkSize })).toString());
    latest = new WeakRef(names);
    return names;
  }

  visit(visit: NameVisitor): void {
    const text = this.#text;
    const characters = new Uint16Array(1_000);
    for (let at = this.#begin, number = 0; at < text.length; at++, number++) {
      const shared = text.charCodeAt(at++) - sharedBase;
      let length = shared;
      for (let code = text.charCodeAt(at); code !== newLine; code = text.charCodeAt(++at))
        characters[length++] = code;
      visit(characters, length, shared, number);
    }
  }
}

export const nameOf = (characters: Uint16Array, length: number): string =>
  String.fromCharCode(...characters.subarray(0, length));

/** The lines of one block, by name: for each name of it those of its towns. Tabs stand between the columns. */
export type Block = string[][];

/** Reads blocks of the table, each of which is a seek. */
export class TownTable {
  readonly #file: Awaited<ReturnType<typeof open>>;
  readonly #ends: readonly number[];

  private constructor(file: Awaited<ReturnType<typeof open>>, { ends }: TownsHeader) {
    this.#file = file;
    this.#ends = ends;
  }

  /** Opens it for as long as `use` works with it. */
  static async with<Result>(
    header: TownsHeader,
    use: (table: TownTable) => Promise<Result>,
  ): Promise<Result> {
    const file = await open(packagedFile("data/towns.br"));
    try {
      return await use(new TownTable(file, header));
    } finally {
      await file.close();
    }
  }

  async block(number: number): Promise<Block> {
    const begin = this.#ends[number - 1] ?? 0;
    const packed = Buffer.alloc((this.#ends[number] ?? begin) - begin);
    await this.#file.read(packed, 0, packed.length, begin);
    const text = (await unpack(packed, { chunkSize })).toString();
    return text
      .slice(newName.length)
      .split(`\n${newName}`)
      .map((towns) => towns.split("\n"));
  }
}
