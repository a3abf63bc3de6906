import { mkdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Memory } from "../../../src/domain/memory.ts";
import type { Random } from "../../fuzz/support/random.ts";
import { temporaryFolder } from "../temp-folder.ts";
import type { Broken, Said } from "./source-history.ts";
import { plainMemory, playOneOf, type SourceInput, type WeekSetup, type WeekSource } from "./week-source.ts";

/** How a kind of folder keeps an item in a file. */
interface FileForm {
  settings(root: string): SourceInput;
  /** Below the root. */
  pathOf(said: Said): string;
  content(said: Said): string;
  memory(said: Said): Partial<Memory> & Pick<Memory, "id">;
  /** A folder to which a file may move and stay the same memory. */
  moved?(said: Said): string | null;
}

/** When the files of a week are from: long settled. */
const before = new Date("2026-03-01T08:15:00Z");

/** Which of two kinds an item is, the same each time. */
const isOdd = ({ id }: Said) => id.length % 2 === 1;
const fileName = (id: string) => encodeURIComponent(id);
const folderOf = ({ id }: Said) => `part-${id.length % 3}`;

/** A folder with a file for each item. A file is put there whole, by a rename, unless something goes wrong. */
class FolderWeek implements WeekSource {
  readonly settings: SourceInput;
  readonly shape = "files";
  readonly limit = 2_000;
  hid = false;
  readonly #root = join(temporaryFolder(), "root");
  readonly #form: FileForm;
  readonly #setup: WeekSetup;
  /** Paths of the files by id. */
  readonly #paths = new Map<string, string>();
  readonly #said = new Map<string, Said>();
  /** What is to happen, while the folder is there. */
  #timers: NodeJS.Timeout[] = [];
  #mend: () => void = () => {};
  #isAway = false;
  #missed: (() => void)[] = [];

  constructor(form: FileForm, setup: WeekSetup) {
    this.#form = form;
    this.#setup = setup;
    this.settings = form.settings(this.#root);
    mkdirSync(this.#root);
  }

  memoryOf(said: Said): Memory {
    return plainMemory(said, this.#form.memory(said));
  }

  put(said: Said): void {
    this.#said.set(said.id, said);
    this.#whenThere(() => this.#write(said, Buffer.from(this.#form.content(said))));
  }

  spoil(said: Said): Broken {
    this.#said.delete(said.id);
    const content = Buffer.from(`${this.#form.content(said)}\xff`, "latin1");
    this.#whenThere(() => this.#write(said, content));
    return { letter: this.#form.memory(said).id, content: "" };
  }

  delete(id: string): void {
    this.#said.delete(id);
    this.#whenThere(() => {
      rmSync(this.#place(this.#paths.get(id) ?? ""));
      this.#paths.delete(id);
    });
  }

  unshown(): ReadonlySet<string> {
    return new Set();
  }

  drawShape(): void {
    // A folder has one.
  }

  beHonest(): void {
    // It is.
  }

  drawFault(mayHide: boolean): string {
    const { random, change } = this.#setup;
    for (let changes = random.chance(0.3) ? 2 : 0; changes > 0; changes -= 1)
      this.#timers.push(setTimeout(change, random.below(200)));
    if (!random.chance(0.3)) return "";
    const faults = new Map<string, () => void>([
      ["half-written files", () => this.#writeHalf(random)],
      ["files of a sync program", () => this.#addStray(random)],
      ["no folder", () => this.#takeAway(() => {})],
      ["all files touched", () => this.#touch()],
      ["all files written again", () => this.#rewrite()],
      ["files moved", () => this.#move(random)],
      ...(mayHide ? [["an empty folder", () => this.#empty()] as const] : []),
    ]);
    return playOneOf(faults, random);
  }

  async calm(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    this.#mend();
    this.#mend = () => {};
    this.#isAway = false;
    for (const work of this.#missed.splice(0)) work();
    this.hid = false;
  }

  #whenThere(work: () => void): void {
    if (this.#isAway) this.#missed.push(work);
    else work();
  }

  #place(path: string): string {
    return join(this.#root, path);
  }

  #write(said: Said, content: Buffer): void {
    const path = this.#paths.get(said.id) ?? this.#form.pathOf(said);
    this.#paths.set(said.id, path);
    mkdirSync(dirname(this.#place(path)), { recursive: true });
    const written = this.#place(`${dirname(path)}/.written`);
    writeFileSync(written, content);
    utimesSync(written, before, before);
    renameSync(written, this.#place(path));
  }

  /** Some readable files, with their contents. */
  #some(random: Random): Said[] {
    const all = [...this.#said.values()];
    return Array.from({ length: 3 }, () => random.pick(all));
  }

  /** A program that writes files in place has not come to their ends. */
  #writeHalf(random: Random): void {
    const halves = this.#some(random);
    for (const said of halves) {
      const whole = this.#form.content(said);
      writeFileSync(this.#place(this.#paths.get(said.id) ?? ""), whole.slice(0, random.below(whole.length)));
    }
    this.#mend = () => {
      for (const { id } of halves) {
        const said = this.#said.get(id);
        if (said !== undefined) this.#write(said, Buffer.from(this.#form.content(said)));
      }
    };
  }

  #addStray(random: Random): void {
    for (const said of this.#some(random)) {
      const path = this.#paths.get(said.id) ?? "";
      const stem = path.replace(/\.[^.]*$/u, "");
      const end = path.slice(stem.length);
      for (const stray of [`${stem}.sync-conflict-20260301-081500-AAAAAAA${end}`, `.trash/x${end}`]) {
        mkdirSync(dirname(this.#place(stray)), { recursive: true });
        writeFileSync(this.#place(stray), this.#form.content({ ...said, text: "a copy" }));
        utimesSync(this.#place(stray), before, before);
      }
    }
  }

  #takeAway(instead: () => void): void {
    const away = `${this.#root} away`;
    renameSync(this.#root, away);
    instead();
    this.#isAway = true;
    this.#mend = () => {
      rmSync(this.#root, { recursive: true, force: true });
      renameSync(away, this.#root);
    };
  }

  /** A drive that is not there. */
  #empty(): void {
    this.#takeAway(() => mkdirSync(this.#root));
    this.hid = true;
  }

  #touch(): void {
    const later = new Date(before.getTime() + this.#setup.random.below(1_000_000));
    for (const path of this.#paths.values()) utimesSync(this.#place(path), later, later);
  }

  #rewrite(): void {
    for (const path of this.#paths.values()) {
      const place = this.#place(path);
      writeFileSync(`${place}.tmp`, readFileSync(place));
      utimesSync(`${place}.tmp`, before, before);
      renameSync(`${place}.tmp`, place);
    }
  }

  #move(random: Random): void {
    for (const said of this.#some(random)) {
      const target = this.#form.moved?.(said) ?? null;
      if (target === null) continue;
      const path = this.#paths.get(said.id) ?? "";
      const moved = `${target}/${path.split("/").at(-1)}`;
      mkdirSync(this.#place(target), { recursive: true });
      renameSync(this.#place(path), this.#place(moved));
      this.#paths.set(said.id, moved);
    }
  }
}

/** A vault: half of its notes have an id of their own, and the names of the others are theirs. */
export async function folderWeek(setup: WeekSetup): Promise<WeekSource> {
  const form: FileForm = {
    settings: (path) => ({ type: "folder", path, timezone: "UTC", settle: "60s" }),
    pathOf: (said) => `${folderOf(said)}/${fileName(said.id)}.md`,
    content: (said) => {
      const id = isOdd(said) ? `id: ${JSON.stringify(said.id)}\n` : "";
      return `---\n${id}created: ${new Date(said.at).toISOString()}\n---\n${said.text}`;
    },
    memory: (said) => ({
      id: isOdd(said) ? said.id : form.pathOf(said),
      title: fileName(said.id),
      format: "markdown",
      timeSource: "entry",
    }),
    moved: (said) => (isOdd(said) ? `elsewhere/part-${setup.random.below(3)}` : null),
  };
  return new FolderWeek(form, setup);
}

/** Recordings whose texts are captions or what Whisper writes. */
export async function transcriptsWeek(setup: WeekSetup): Promise<WeekSource> {
  const stemOf = (said: Said) => {
    const [day = "", time = ""] = new Date(said.at).toISOString().split("T");
    return `${folderOf(said)}/${day}_${time.slice(0, 5).replace(":", "")} ${fileName(said.id)}`;
  };
  const form: FileForm = {
    settings: (path) => ({ type: "transcripts", path, timezone: "UTC", settle: "60s" }),
    pathOf: (said) => `${stemOf(said)}.${isOdd(said) ? "srt" : "json"}`,
    content: (said) => {
      if (!isOdd(said)) return JSON.stringify({ text: said.text, segments: [] });
      return said.text === "" ? "" : `1\n00:00:00,000 --> 00:00:02,000\n${said.text}\n`;
    },
    memory: (said) => ({
      id: stemOf(said),
      type: "record",
      timeSource: "file_name",
      title: stemOf(said).split("/").at(-1) ?? "",
      // Captions write characters in the way of HTML.
      transcript: isOdd(said) ? said.text.replaceAll("&amp;", "&") : said.text,
    }),
  };
  return new FolderWeek(form, setup);
}
