import { randomUUID } from "node:crypto";
import type { Clock } from "../kernel/util/clock.ts";
import type { Bell, Board, BoardFollower, Following, Posting } from "./board.ts";
import type { RecordTable, TableAccess } from "./state-tables.ts";

const collection = "posting";

/** How often is looked for postings: where nothing tells of them, and in case that a bell has not rung. Milliseconds. */
const lookEveryMs = 500;
const lookBesideBellMs = 5_000;

/** How soon a way on which nothing comes through is tried again. Milliseconds. */
const hangAgainMs = 60_000;

/** How long a process leaves its postings there; who does not look for so long may have missed some. Milliseconds. */
const keptMs = 15_000;
/** What lies there for so long is of a process that is gone. Milliseconds. */
const leftMs = 60_000;

export interface RecordBoardOptions extends TableAccess<RecordTable> {
  clock: Pick<Clock, "monotonic">;
  /** Null where nothing tells of postings. */
  bell: Bell | null;
}

/** A board in the table of the small collections: each posting is a record, which is read when the bell has rung, or is looked for. */
export function boardOverRecords(options: RecordBoardOptions): Board {
  const from = randomUUID();
  const { table, change, clock } = options;
  let count = 0;
  let own: { id: string; at: number }[] = [];
  return {
    id: from,
    post: async (content) => {
      count += 1;
      const posting: Posting = { from, number: count, content: structuredClone(content) };
      const id = idOf(posting);
      const now = clock.monotonic();
      const old = own.filter(({ at }) => now - at > keptMs);
      own = own.filter((each) => !old.includes(each)).concat({ id, at: now });
      await change(() => {
        for (const each of old) table.remove(collection, each.id);
        table.save(collection, id, posting);
      });
    },
    follow: async (follower) => {
      const reader = new BoardReader(from, follower, options);
      await reader.start();
      return reader;
    },
  };
}

function idOf({ from, number }: Posting): string {
  return `${from}:${String(number).padStart(12, "0")}`;
}

/** Reads what others post, from the moment of its start on. */
class BoardReader implements Following {
  readonly #own: string;
  readonly #follower: BoardFollower;
  readonly #options: RecordBoardOptions;
  /** The postings that are there and were heard, with the moment of that. */
  #seen = new Map<string, number>();
  #bell: { end(): Promise<void> } | null = null;
  /** When a bell is to be hung up again. */
  #hangAt = Number.POSITIVE_INFINITY;
  #hanging: Promise<void> = Promise.resolve();
  #lookedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #working: Promise<void> = Promise.resolve();
  #hasEnded = false;

  constructor(own: string, follower: BoardFollower, options: RecordBoardOptions) {
    this.#own = own;
    this.#follower = follower;
    this.#options = options;
  }

  get isNotified(): boolean {
    return this.#bell !== null;
  }

  /** Throws what the read throws. */
  async start(): Promise<void> {
    await this.#hang();
    const now = this.#options.clock.monotonic();
    this.#seen = new Map((await this.#there()).map((posting) => [idOf(posting), now]));
    this.#lookedAt = now;
    this.#wait();
  }

  async end(): Promise<void> {
    this.#hasEnded = true;
    clearTimeout(this.#timer);
    await Promise.all([this.#working, this.#hanging]);
    await this.#bell?.end();
  }

  /** Beside everything else: a trial of the way may take seconds. */
  async #hang(): Promise<void> {
    const { bell, clock } = this.#options;
    if (bell === null) return;
    this.#hangAt = Number.POSITIVE_INFINITY;
    const hung = await bell.listen(
      (id) => void this.#inTurn(() => this.#read(id)),
      () => this.#lose(),
    );
    this.#bell = hung;
    if (hung === null) this.#hangAt = clock.monotonic() + hangAgainMs;
    if (this.#hasEnded) await hung?.end();
  }

  #lose(): void {
    this.#bell = null;
    this.#hangAt = this.#options.clock.monotonic() + lookEveryMs;
    this.#wait(0);
  }

  #wait(ms = this.isNotified ? lookBesideBellMs : lookEveryMs): void {
    clearTimeout(this.#timer);
    if (this.#hasEnded) return;
    this.#timer = setTimeout(() => void this.#lookAgain(), ms).unref();
  }

  async #lookAgain(): Promise<void> {
    if (this.#options.clock.monotonic() >= this.#hangAt) this.#hanging = this.#hang();
    await this.#inTurn(() => this.#look());
    this.#wait();
  }

  /** One read at a time, so that the postings of a process keep their order. A state that cannot be read now is read later. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#working = this.#working.then(() => (this.#hasEnded ? undefined : work())).catch(() => undefined);
    return this.#working;
  }

  async #read(id: string): Promise<void> {
    if (id.startsWith(this.#own) || this.#seen.has(id)) return;
    const { table, read } = this.#options;
    const posting = (await read(() => table.get(collection, id))) as Posting | undefined;
    if (posting !== undefined) this.#hear(posting);
  }

  async #look(): Promise<void> {
    const found = await this.#there();
    const now = this.#options.clock.monotonic();
    if (now - this.#lookedAt > keptMs) this.#follower.missed();
    this.#lookedAt = now;
    for (const posting of found) if (!this.#seen.has(idOf(posting))) this.#hear(posting);
    const there = found.map(idOf);
    this.#seen = new Map(there.map((id) => [id, this.#seen.get(id) ?? now]));
    await this.#takeDown(there.filter((id) => now - (this.#seen.get(id) ?? now) > leftMs));
  }

  /** By their process, and of one in their order. */
  #there(): Promise<Posting[]> {
    const { table, read } = this.#options;
    return read(() => table.list(collection) as Posting[]);
  }

  #hear(posting: Posting): void {
    this.#seen.set(idOf(posting), this.#options.clock.monotonic());
    if (posting.from !== this.#own) this.#follower.heard(posting.content, posting.from);
  }

  async #takeDown(ids: readonly string[]): Promise<void> {
    const { table, change } = this.#options;
    if (ids.length > 0) await change(() => ids.forEach((id) => void table.remove(collection, id)));
  }
}
