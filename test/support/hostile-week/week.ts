import { join } from "node:path";
import type { StateBackend, StatePlace } from "../../../src/state/open-state.ts";
import type { SyncSettings } from "../../../src/sync/sync-settings.ts";
import type { Random } from "../../fuzz/support/random.ts";
import { type RunAnswer, RunnerProcess, type RunRequest } from "./runner-process.ts";
import { SourceHistory, shownText } from "./source-history.ts";
import { documentsAt, type HeldDocument, type WeekSink } from "./week-sink.ts";
import type { WeekSetup, WeekSource } from "./week-source.ts";

export interface WeekOptions {
  backend: StateBackend;
  sink: WeekSink;
  /** Makes the source. */
  kind: (setup: WeekSetup) => Promise<WeekSource>;
  runs: number;
  /** The schedule ends early when it takes longer. Milliseconds. */
  budgetMs: number;
  /** Memories at the start. */
  memories: number;
  folder: string;
  random: Random;
  settings: SyncSettings;
  /** The longest life of a process that is to be killed. Milliseconds. */
  longestLifeMs: number;
  /** Hears of every run, for the trace that is printed when something does not hold. */
  onRun: (line: string) => void;
}

const year = 365 * 86_400_000;
const day = 86_400_000;
const clockOffsets = [0, 0, 0, 0, 0, 0, 0, 2 * year, -day, 5_000];
/** A run of the schedule finds the source in another shape each time that so many have passed. */
const runsInShape = 20;

/** A document of ours that LightRAG held in peace before a run, and may not touch while its memory stays as it is. */
interface Settled {
  text: string;
  createdAt: string;
  changedAt: number | undefined;
}

/** A seeded schedule of runs in which both ends, the clock and the process draw faults, against what the source's history says must be. */
export class HostileWeek {
  readonly #history: SourceHistory;
  readonly #options: WeekOptions;
  readonly #runner = new RunnerProcess();
  readonly #source: WeekSource;
  #lives = 0;
  #range: SyncSettings["queryRange"] = "all";
  /** Whether no listing has been led astray that no later one has corrected. */
  #mayHide = true;

  private constructor(options: WeekOptions, source: WeekSource, history: SourceHistory) {
    this.#options = options;
    this.#source = source;
    this.#history = history;
    for (let count = 0; count < options.memories; count += 1) this.#history.add();
  }

  static async begin(options: WeekOptions): Promise<HostileWeek> {
    const { random, sink } = options;
    const source = await options.kind({ random, change: () => history.change() });
    const history = new SourceHistory(source, random, Date.now() - 30 * day, sink.poison);
    return new HostileWeek(options, source, history);
  }

  /** Runs the schedule and resolves to everything that did not hold. */
  async run(): Promise<string[]> {
    try {
      const { runs, budgetMs } = this.#options;
      const end = performance.now() + budgetMs;
      for (let run = 0; run < runs && performance.now() < end; run += 1) {
        const broken = await this.#hostileRun(run);
        if (broken.length > 0) return broken;
      }
      return await this.#settle();
    } finally {
      this.#runner.kill();
    }
  }

  async #hostileRun(run: number): Promise<string[]> {
    const { random, sink, longestLifeMs, onRun } = this.#options;
    if (run % runsInShape === 0) {
      this.#source.drawShape();
      this.#range = random.chance(0.3) ? "auto" : "all";
    }
    for (let changes = random.below(4); changes > 0; changes -= 1) this.#history.change();
    const before = await this.#settled();
    const tick = this.#history.tick;
    if (random.chance(0.02) && this.#source.isKeptInState !== true) this.#lives += 1;
    const request = this.#request(random.pick(clockOffsets), random.chance(0.05));
    const faults = [this.#source.drawFault(this.#mayHide), sink.drawFault(random)]
      .filter(Boolean)
      .join(" + ");
    const sent = this.#source.sent?.() ?? [];
    const kill = random.chance(0.2)
      ? setTimeout(() => this.#runner.kill(), random.below(longestLifeMs))
      : undefined;
    const began = performance.now();
    const answer = await this.#runner.run({ ...request, sent });
    clearTimeout(kill);
    const { hid, shape } = this.#source;
    await this.#source.calm(answer !== null);
    await sink.calm();
    this.#mayHide = !hid && (this.#mayHide || answer?.outcome === "success");
    const circumstances = `${shape}, ${this.#range} life ${this.#lives} offset ${request.clockOffsetMs}`;
    const took = Math.round(performance.now() - began);
    onRun(`run ${run} ${circumstances} ${faults}: ${outcomeOf(answer)} in ${took} ms`);
    const held = await documentsAt(sink.url);
    return [...this.#harm(before, held), ...(hid ? [] : this.#lies(answer, tick, held))];
  }

  /** Faults over: everything that can be delivered is there, once, unaltered; all else is named; what is gone is gone. */
  async #settle(): Promise<string[]> {
    this.#source.beHonest();
    this.#range = "all";
    const first = await this.#settledRuns(0);
    const unnamed = this.#unnamed(first);
    this.#history.mend();
    const last = await this.#settledRuns(1);
    return [...unnamed, ...(await this.#differences(last))];
  }

  async #settledRuns(stage: number): Promise<RunAnswer> {
    const request = (run: number): RunRequest => ({
      // Waits that were written down are over, and so are the graces of deletions.
      ...patient(this.#request((stage * 6 + run) * 2 * day, run < 2)),
      options: { acceptDeletions: run > 2, acceptResends: true },
      // A state that was lost knew of documents that nobody wants any more.
      repair: run === 4,
    });
    let answer: RunAnswer | null = null;
    for (let run = 0; run < 6; run += 1) {
      const began = performance.now();
      answer = await this.#runner.run({ ...request(run), sent: this.#source.sent?.() ?? [] });
      await this.#source.calm(true);
      const took = Math.round(performance.now() - began);
      this.#options.onRun(`end ${stage}.${run}: ${outcomeOf(answer)} in ${took} ms`);
    }
    if (answer === null) throw new Error("the last run was killed");
    return answer;
  }

  /** Each item that cannot be delivered is a dead letter, by its id where one can be read, and nothing else is. */
  #unnamed({ named }: RunAnswer): string[] {
    const letters = named.filter(({ status }) => status === "dead").map(({ memoryId }) => memoryId);
    const items = [...this.#history.items.values()];
    const wanted = [...this.#history.wanted().values()];
    const poison = wanted.filter(({ isPoison }) => isPoison).map(({ memoryId }) => memoryId);
    const readable = items.flatMap(({ broken }) => broken?.letter ?? []);
    const nameless = new Set(items.flatMap(({ broken }) => (broken?.letter === null ? broken.content : [])));
    const wellIds = new Set(items.flatMap(({ memory, broken }) => (broken === null ? memory.id : [])));
    // While items without an id may be any memory, what became of those that are not shown is not known: their dead letters stay.
    const isWell = (id: string) => wellIds.has(id) && !poison.includes(id);
    const byContent = letters.filter((id) => id.startsWith("malformed-"));
    return [
      ...[...poison, ...readable]
        .filter((id) => !letters.includes(id))
        .map((id) => `no dead letter for ${id}`),
      ...letters.filter(isWell).map((id) => `a dead letter for ${id}, which is well`),
      ...(byContent.length === nameless.size
        ? []
        : [`${byContent.length} dead letters for ${JSON.stringify([...nameless])}`]),
    ];
  }

  async #differences(answer: RunAnswer): Promise<string[]> {
    const wanted = this.#history.wanted();
    const held = textsOf(await documentsAt(this.#options.sink.url));
    const named = new Map(answer.named.map((row) => [row.memoryId, row]));
    const undelivered = [...wanted].flatMap(([name, { memoryId: id, text, isPoison }]) => {
      if (isPoison) return named.get(id)?.status === "dead" ? [] : [`poison ${id} is not a dead letter`];
      return held.get(name) === text ? [] : [`${id} is not there as it is at the source`];
    });
    // Where absence says nothing, what is gone from the source stays.
    const isOver = answer.capabilities.deletes !== "none";
    const unwanted = [...held.keys()].filter((name) => isOver && isOurs(name) && !wanted.has(name));
    const poison = new Set(
      [...wanted.values()].flatMap(({ memoryId, isPoison }) => (isPoison ? [memoryId] : [])),
    );
    const isThere = new Set([...this.#history.items.values()].map(({ memory }) => memory.id));
    const open = answer.named.filter(({ memoryId, status }) =>
      status === "dead"
        ? !poison.has(memoryId) && (isOver || isThere.has(memoryId))
        : status !== "skipped" && status !== "deleted",
    );
    return [
      ...undelivered,
      ...unwanted.map((name) => `${name} is there and nobody wants it`),
      ...open.map(({ memoryId, status }) => `${memoryId} is ${status}`),
      ...(answer.truncated === null ? [] : [`still partial: ${answer.truncated}`]),
    ];
  }

  /** What a run has done to documents that nothing happened to. */
  #harm(before: ReadonlyMap<string, Settled>, held: readonly HeldDocument[]): string[] {
    const harm: string[] = [];
    const wanted = this.#history.wanted();
    const ours = held.filter(({ name }) => isOurs(name));
    const rows = new Map(ours.map((row) => [row.name, row]));
    for (const [name, { text, createdAt, changedAt }] of before) {
      const id = wanted.get(name)?.id;
      if (id === undefined || this.#history.changedAt.get(id) !== changedAt) continue;
      const row = rows.get(name);
      if (row === undefined) harm.push(`${name} was deleted although nothing happened to its memory`);
      else if (row.createdAt !== createdAt) harm.push(`${name} was sent again although LightRAG held it`);
      else if (textOf(row) !== text) harm.push(`${name} has another text`);
    }
    for (const row of ours) {
      if (this.#history.texts.get(row.name)?.has(textOf(row)) === true) continue;
      harm.push(`${row.name} holds a text that its memory never had: ${JSON.stringify(row.summary)}`);
    }
    if (rows.size !== ours.length) harm.push("two documents have one name");
    return harm;
  }

  /** A success means that all that the source showed is delivered. */
  #lies(answer: RunAnswer | null, tick: number, held: readonly HeldDocument[]): string[] {
    if (answer?.outcome !== "success") return [];
    const { since } = answer.capabilities;
    // A list of what is new does not show every edit of what is old.
    if (this.#range !== "all" && since.by !== "none" && !(since.by === "updated" && since.isReliable))
      return [];
    const texts = textsOf(held);
    const unshown = this.#source.unshown();
    return [...this.#history.wanted()].flatMap(([name, { id, text }]) => {
      const isOld = (this.#history.changedAt.get(id) ?? 0) <= tick;
      const isLost = !unshown.has(id) && isOld && texts.get(name) !== text;
      return isLost ? [`success, and ${id} is not delivered`] : [];
    });
  }

  async #settled(): Promise<Map<string, Settled>> {
    const wanted = this.#history.wanted();
    const settled = new Map<string, Settled>();
    for (const row of await documentsAt(this.#options.sink.url)) {
      const want = wanted.get(row.name);
      const text = textOf(row);
      if (want === undefined || want.text !== text || row.status !== "processed") continue;
      const changedAt = this.#history.changedAt.get(want.id);
      settled.set(row.name, { text, createdAt: row.createdAt, changedAt });
    }
    return settled;
  }

  #request(clockOffsetMs: number, replay: boolean): RunRequest {
    const { settings, sink } = this.#options;
    return {
      state: this.#statePlace(),
      source: this.#source.settings,
      sink: { url: sink.url, timeoutMs: 5_000, timing: sink.timing },
      settings: { ...settings, queryRange: this.#range, queryLimit: this.#source.limit },
      options: {},
      sent: [],
      clockOffsetMs,
      replay,
      repair: false,
    };
  }

  #statePlace(): StatePlace {
    const { backend, folder } = this.#options;
    return { backend, path: join(folder, `state-${this.#lives}`) };
  }
}

/** Once nothing goes wrong any more, a busy machine is no fault of anybody. */
function patient(request: RunRequest): RunRequest {
  const { source, sink, settings } = request;
  return {
    ...request,
    source: "timeout" in source ? { ...source, timeout: "20s" } : source,
    sink: { ...sink, timing: { ...sink.timing, attemptTimeoutMs: 20_000 } },
    settings: { ...settings, runTimeoutMs: Math.max(settings.runTimeoutMs, 120_000) },
  };
}

function outcomeOf(answer: RunAnswer | null): string {
  if (answer === null) return "killed";
  const codes = [...new Set(answer.errors.map(({ code }) => code))];
  return [answer.outcome, ...codes].join(" ");
}

/** Those of foreign clients bear no context. */
function isOurs(name: string): boolean {
  return name.includes("@");
}

function textOf({ length, summary }: HeldDocument): string {
  return shownText({ contentLength: length, contentSummary: summary });
}

function textsOf(held: readonly HeldDocument[]): Map<string, string> {
  return new Map(held.map((row) => [row.name, textOf(row)]));
}
