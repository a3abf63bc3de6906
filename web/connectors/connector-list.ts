import { type ReadonlySignal, signal } from "@preact/signals";
import type { LiveEvent } from "../api/live.ts";
import { isOutage } from "../api/outage.ts";
import { type ApiProblem, asProblem } from "../api/problem.ts";
import { outage } from "../api/request.ts";
import type { ListedConnector } from "./connector.ts";
import { advanced } from "./progress.ts";

/** How many runs a strip shows. */
const stripLength = 30;

/** How many connectors one request asks for. */
const atOnce = 100;

/** How often events are brought onto the page, however many come. Milliseconds. */
const beatMs = 500;

/** The shortest time between two requests, and between two for everything. Milliseconds. */
const pauseMs = 1_000;
const longPauseMs = 5_000;

/**
 * How soon after an event its connector is asked for again. Progress says by itself how far a run is, so that what else moves with it may
 * come later. Milliseconds.
 */
const againMs = 1_000;
const afterProgressMs = 3_000;

interface Question {
  runs: number;
  limit?: number;
  after?: string;
  ids?: string[];
}

export interface ListAnswer {
  connectors: readonly ListedConnector[];
  next: string | null;
}

export type Ask = (question: Question, signal: AbortSignal) => Promise<ListAnswer>;

/**
 * All connectors as the page shows them. At the beginning they are asked for in pages; afterwards events say which have changed, and one
 * request a second at most asks for those. So the load grows neither with the number of events nor with that of connectors at rest.
 */
export class ConnectorList {
  readonly #all = signal<readonly ListedConnector[] | null>(null);
  readonly #isWhole = signal(false);
  readonly #problem = signal<ApiProblem | null>(null);
  readonly #ask: Ask;
  readonly #progress = new Map<string, LiveEvent>();
  /** When each is to be asked for again. */
  readonly #due = new Map<string, number>();
  #allDueAt: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #life = new AbortController();
  #giveUp: () => void = () => undefined;
  #isAsking = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  #askedAllAt = Number.NEGATIVE_INFINITY;

  /** `known`: a whole list of earlier, which is shown until it is asked for again. */
  constructor(ask: Ask, known: readonly ListedConnector[] | null = null) {
    this.#ask = ask;
    this.#all.value = known;
    this.#isWhole.value = known !== null;
  }

  /** Null until the first page is here. */
  get all(): ReadonlySignal<readonly ListedConnector[] | null> {
    return this.#all;
  }

  /** Whether the last page is here, too. */
  get isWhole(): ReadonlySignal<boolean> {
    return this.#isWhole;
  }

  get problem(): ReadonlySignal<ApiProblem | null> {
    return this.#problem;
  }

  reload = async (): Promise<void> => {
    this.stop();
    this.#life = new AbortController();
    this.#askedAllAt = Date.now();
    await this.#asking(async (life) => {
      const known: ListedConnector[] = [];
      let after: string | null = null;
      do {
        const page: ListAnswer = await this.#ask(
          { runs: stripLength, limit: atOnce, ...(after !== null && { after }) },
          life,
        );
        if (life.aborted) return;
        known.push(...page.connectors);
        after = page.next;
        // While the list is asked for again, what is known already stays.
        if (after === null || !this.#isWhole.value) this.#all.value = [...known];
      } while (after !== null);
      this.#isWhole.value = true;
    });
  };

  hear(event: LiveEvent): void {
    const { type, connectorId } = event;
    if (type === "missed") this.#allDueAt ??= Math.max(Date.now() + againMs, this.#askedAllAt + longPauseMs);
    else if (connectorId === null) return;
    else {
      if (type === "run:progress") this.#progress.set(connectorId, event);
      const at = Date.now() + (type === "run:progress" ? afterProgressMs : againMs);
      this.#due.set(connectorId, Math.min(at, this.#due.get(connectorId) ?? at));
    }
    this.#wake();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due.clear();
    this.#progress.clear();
    this.#allDueAt = null;
    this.#giveUp();
    this.#life.abort();
    this.#isAsking = false;
  }

  #wake(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#beat();
      if (this.#due.size > 0 || this.#progress.size > 0 || this.#allDueAt !== null) this.#wake();
    }, beatMs);
  }

  #beat(): void {
    this.#advance();
    if (this.#isAsking || Date.now() - this.#askedAt < pauseMs) return;
    if (this.#allDueAt !== null && this.#allDueAt <= Date.now()) {
      void this.reload();
      return;
    }
    const ids = [...this.#due].filter(([, at]) => at <= Date.now()).map(([id]) => id);
    if (ids.length > 0) void this.#readAgain(ids.slice(0, atOnce));
  }

  #advance(): void {
    if (this.#progress.size === 0 || this.#all.value === null) return;
    this.#all.value = this.#all.value.map((each) => {
      const event = this.#progress.get(each.id);
      return event === undefined ? each : advanced(each, event);
    });
    this.#progress.clear();
  }

  async #readAgain(ids: string[]): Promise<void> {
    for (const id of ids) this.#due.delete(id);
    await this.#asking(async (life) => {
      const { connectors } = await this.#ask({ runs: stripLength, ids }, life);
      if (!life.aborted) this.#put(ids, new Map(connectors.map((each) => [each.id, each])));
    });
  }

  /** What was asked for and is not in the answer is there no more; what is new comes last. */
  #put(ids: readonly string[], fresh: ReadonlyMap<string, ListedConnector>): void {
    const known = this.#all.value ?? [];
    const asked = new Set(ids);
    const there = new Set(known.map(({ id }) => id));
    this.#all.value = [
      ...known.flatMap((each) => fresh.get(each.id) ?? (asked.has(each.id) ? [] : [each])),
      ...[...fresh.values()].filter(({ id }) => !there.has(id)),
    ];
  }

  async #asking(work: (life: AbortSignal) => Promise<void>): Promise<void> {
    const { signal: life } = this.#life;
    this.#isAsking = true;
    this.#askedAt = Date.now();
    try {
      await work(life);
      if (!life.aborted) this.#problem.value = null;
    } catch (thrown) {
      if (life.aborted) return;
      this.#problem.value = asProblem(thrown);
      if (isOutage(thrown)) this.#giveUp = outage.whenBack(this.reload);
    } finally {
      if (!life.aborted) this.#isAsking = false;
    }
  }
}
