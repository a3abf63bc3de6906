import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Memory } from "../../../src/domain/memory.ts";
import type { Random } from "../../fuzz/support/random.ts";
import { temporaryFolder } from "../temp-folder.ts";
import { inLatin1 } from "./served-week.ts";
import type { Broken, Said } from "./source-history.ts";
import { plainMemory, playOneOf, type SourceInput, type WeekSetup, type WeekSource } from "./week-source.ts";

/** How a file keeps items. */
interface FileShape {
  name: string;
  /** One of an item. */
  line(said: Said): string;
  /** Something that is no memory, in the place of one; `letter` is true where its id can still be read. */
  flaws(said: Said): readonly { line: string; letter: boolean }[];
  whole(lines: readonly string[]): string;
  /** A line that says that the item is gone, where the file is a log, which only grows. */
  gone?(id: string): string;
}

const item = ({ id, text, at }: Said) => ({ id, at: new Date(at).toISOString(), text });
const object = (said: Said) => JSON.stringify(item(said));
const flawsOfObjects = (said: Said) => [
  { line: JSON.stringify({ ...item(said), at: "soon" }), letter: true },
  { line: JSON.stringify({ ...item(said), at: undefined }), letter: true },
  { line: "null", letter: false },
  { line: '"a string"', letter: false },
];
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const row = ({ id, at, text }: Said, time = new Date(at).toISOString()) =>
  [id, time, text].map(quoted).join(";");

const noJson = (said: Said, letter: boolean) => ({
  line: object(said).replace('"text"', '"lat":NaN,"text"'),
  letter,
});

const lines: FileShape = {
  name: "JSON Lines",
  line: object,
  flaws: (said) => [...flawsOfObjects(said), noJson(said, true)],
  whole: (all) => all.map((line) => `${line}\n`).join(""),
};

const shapes = new Map<string, FileShape>([
  ["jsonl", lines],
  [
    "log",
    {
      ...lines,
      name: "a log of JSON Lines",
      flaws: (said) => [
        { line: JSON.stringify({ ...item(said), at: "soon" }), letter: true },
        noJson(said, true),
      ],
      gone: (id) => JSON.stringify({ id, deleted: true }),
    },
  ],
  [
    "json",
    {
      name: "JSON",
      line: object,
      flaws: (said) => [...flawsOfObjects(said), noJson(said, false)],
      whole: (all) => `{"notes":[${all.join(",\n")}]}`,
    },
  ],
  [
    "csv",
    {
      name: "a table",
      line: (said) => row(said),
      flaws: (said) => [
        { line: row(said, "soon"), letter: true },
        { line: `${row(said)};"one more"`, letter: false },
      ],
      whole: (all) => ["id;at;text", ...all].map((line) => `${line}\r\n`).join(""),
    },
  ],
]);

/** A file that is written as a whole at each change, or a log that grows. */
class FileWeek implements WeekSource {
  readonly shape: string;
  readonly settings: SourceInput;
  readonly limit = 2_000;
  hid = false;
  readonly #place: string;
  readonly #shape: FileShape;
  readonly #setup: WeekSetup;
  readonly #isPacked: boolean;
  /** By id; of a log, in the order in which they came. */
  readonly #lines = new Map<string, string>();
  #log: string[] = [];
  #timers: NodeJS.Timeout[] = [];
  /** Writes what the file is to hold. */
  #write: () => void = () => this.#writeWhole();

  constructor(shape: FileShape, setup: WeekSetup) {
    this.#shape = shape;
    this.#setup = setup;
    this.#isPacked = setup.random.chance(0.2);
    this.shape = `${shape.name}${this.#isPacked ? ", packed" : ""}`;
    this.#place = join(temporaryFolder(), "notes");
    this.settings = { type: "files", path: this.#place };
  }

  memoryOf(said: Said): Memory {
    return plainMemory(said);
  }

  put(said: Said): void {
    this.#note(said.id, this.#shape.line(said));
  }

  spoil(said: Said, random: Random): Broken | null {
    const flaws = this.#shape.flaws(said);
    if (flaws.length === 0) return null;
    const { line, letter } = random.pick(flaws);
    this.#note(said.id, line);
    return { letter: letter ? said.id : null, content: line };
  }

  delete(id: string): void {
    this.#lines.delete(id);
    if (this.#shape.gone !== undefined) this.#log.push(this.#shape.gone(id));
    this.#write();
  }

  unshown(): ReadonlySet<string> {
    return new Set();
  }

  drawShape(): void {
    // Somebody tidies up a log.
    this.#log = [...this.#lines.values()];
    this.#write();
  }

  beHonest(): void {
    this.#write();
  }

  drawFault(mayHide: boolean): string {
    const { random, change } = this.#setup;
    for (let changes = random.chance(0.3) ? 2 : 0; changes > 0; changes -= 1)
      this.#timers.push(setTimeout(change, random.below(100)));
    if (!random.chance(0.3)) return "";
    const faults = new Map<string, () => void>([
      ["half of the file", () => this.#keep((bytes) => this.#cut(bytes, random))],
      ["no file", () => this.#takeAway()],
      ["bytes of another charset", () => this.#keep(inLatin1)],
      ["written again", () => this.#writeWhole()],
      ...(mayHide ? [["an empty file", () => this.#empty()] as const] : []),
    ]);
    return playOneOf(faults, random);
  }

  async calm(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#write = () => this.#writeWhole();
    this.#write();
    this.hid = false;
  }

  #note(id: string, line: string): void {
    this.#lines.set(id, line);
    this.#log.push(line);
    this.#write();
  }

  #bytes(): Buffer {
    const all = this.#shape.gone === undefined ? [...this.#lines.values()] : this.#log;
    return Buffer.from(this.#shape.whole(all));
  }

  #writeWhole(): void {
    const bytes = this.#bytes();
    writeFileSync(`${this.#place}.new`, this.#isPacked ? gzipSync(bytes) : bytes);
    renameSync(`${this.#place}.new`, this.#place);
  }

  /** The file is another one than it should be, until the week is calm. */
  #keep(change: (bytes: Buffer) => Buffer): void {
    writeFileSync(this.#place, change(this.#bytes()));
    this.#write = () => {};
  }

  /** In the middle of a text: where a file ends between two items, nobody can see it. A log lacks the end of what was written last. */
  #cut(bytes: Buffer, random: Random): Buffer {
    const text = bytes.toString();
    if (this.#shape.gone !== undefined) return Buffer.from(text.slice(0, -'"}\n'.length));
    const from = Math.max(1, text.indexOf("harbour", random.below(text.length)));
    return Buffer.from(text.slice(0, from + 1));
  }

  #takeAway(): void {
    rmSync(this.#place);
    this.#write = () => {};
  }

  #empty(): void {
    this.#keep(() => Buffer.alloc(0));
    this.hid = true;
  }
}

/** A file of one of its forms, which it keeps. */
export async function filesWeek(form: string, setup: WeekSetup): Promise<WeekSource> {
  const shape = shapes.get(form);
  if (shape === undefined) throw new Error(`no file ${form}`);
  return new FileWeek(shape, setup);
}
