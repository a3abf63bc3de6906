import { setTimeout as delay } from "node:timers/promises";
import { Random } from "../../fuzz/support/random.ts";
import { documentsAt } from "./week-sink.ts";

/** Somebody else who writes into the same LightRAG. */
export class ForeignClient {
  /** Names of its documents that LightRAG has listed, and that nobody may touch. */
  readonly kept = new Set<string>();
  readonly #url: string;
  readonly #name: string;
  readonly #random: Random;
  readonly #ending = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(url: string, name: string, seed: number) {
    this.#url = url;
    this.#name = name;
    this.#random = new Random(seed);
  }

  start(pauseMs: number): void {
    this.#work = this.#go(pauseMs);
  }

  /** A request that a fault has left without an answer would be waited for until fetch gives it up, after five minutes. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#work;
  }

  /** Those of its documents that are gone. */
  async missing(): Promise<string[]> {
    const held = new Set((await documentsAt(this.#url)).map(({ name }) => name));
    return [...this.kept].filter((name) => !held.has(name));
  }

  async #go(pauseMs: number): Promise<void> {
    for (let turn = 0; !this.#ending.signal.aborted; turn += 1) {
      // The server may be down, and a fault may have met this request: what counts is what LightRAG lists.
      await this.#post(turn).catch(() => undefined);
      await this.#look().catch(() => undefined);
      await delay(pauseMs * (0.5 + this.#random.next()));
    }
  }

  async #look(): Promise<void> {
    for (const { name } of await documentsAt(this.#url, this.#ending.signal))
      if (name.startsWith(this.#name)) this.kept.add(name);
  }

  #post(turn: number): Promise<Response> {
    const text = `Report ${turn} of ${this.#name}. Clara Stone visited Vienna ${turn} times.`;
    const body = JSON.stringify({ text, file_source: `${this.#name}-${turn}.md` });
    const headers = { "content-type": "application/json" };
    return fetch(`${this.#url}/documents/text`, {
      method: "POST",
      headers,
      body,
      signal: this.#ending.signal,
    });
  }
}
