import { type ReadonlySignal, signal } from "@preact/signals";
import { useEffect, useMemo } from "preact/hooks";
import { api } from "../api/endpoints.ts";
import { type LiveEvent, onLiveEvent } from "../api/live.ts";
import { ApiProblem, asProblem } from "../api/problem.ts";
import type { Connector } from "./connector.ts";
import { advanced } from "./progress.ts";

/** How many runs a strip shows. */
const stripLength = 30;

/** How many connectors are asked for at a time: a browser keeps six connections, and the stream has one. */
const atATime = 4;

/**
 * How soon after an event a connector is asked for again. Progress says by itself how far a run is, so that what else moves with it may
 * come later. Milliseconds.
 */
const againMs = 1_000;
const afterProgressMs = 5_000;

export interface Connectors {
  /** Null until all were asked for once. */
  all: ReadonlySignal<readonly Connector[] | null>;
  problem: ReadonlySignal<ApiProblem | null>;
  reload(): Promise<void>;
}

/** All connectors, or one, kept up to date by live events. */
export function useConnectors(only?: string): Connectors {
  const store = useMemo(() => new ConnectorStore(only), [only]);
  useEffect(() => {
    void store.reload();
    const stop = onLiveEvent((event) => store.hear(event));
    return () => {
      stop();
      store.stop();
    };
  }, [store]);
  return store;
}

class ConnectorStore implements Connectors {
  readonly all = signal<readonly Connector[] | null>(null);
  readonly problem = signal<ApiProblem | null>(null);
  readonly #only: string | undefined;
  readonly #due = new Map<string, { at: number; timer: ReturnType<typeof setTimeout> }>();
  #life = new AbortController();

  constructor(only: string | undefined) {
    this.#only = only;
  }

  reload = async (): Promise<void> => {
    this.stop();
    this.#life = new AbortController();
    const { signal: life } = this.#life;
    await this.#attempt(async () => {
      const all = await inTurns(await this.#ids(life), (id) => readConnector(id, life));
      if (!life.aborted) this.all.value = all;
    });
  };

  async #ids(life: AbortSignal): Promise<string[]> {
    if (this.#only !== undefined) return [this.#only];
    const { connectors } = await api.listConnectors({}, { signal: life });
    return connectors.map(({ id }) => id);
  }

  hear(event: LiveEvent): void {
    const { type, connectorId } = event;
    if (type === "missed") void this.reload();
    if (connectorId === null || (this.#only !== undefined && connectorId !== this.#only)) return;
    if (this.all.value === null) return;
    if (type === "run:progress") this.#replace(connectorId, (connector) => advanced(connector, event));
    this.#readIn(type === "run:progress" ? afterProgressMs : againMs, connectorId);
  }

  stop(): void {
    for (const { timer } of this.#due.values()) clearTimeout(timer);
    this.#due.clear();
    this.#life.abort();
  }

  #readIn(ms: number, id: string): void {
    const at = Date.now() + ms;
    const due = this.#due.get(id);
    if (due !== undefined && due.at <= at) return;
    clearTimeout(due?.timer);
    const read = async () => {
      this.#due.delete(id);
      await this.#attempt(async () => {
        const read = readConnector(id, this.#life.signal);
        const connector = await (this.#only === undefined ? read.catch(nullWhereGone) : read);
        this.#put(id, connector);
      });
    };
    this.#due.set(id, { at, timer: setTimeout(() => void read(), ms) });
  }

  /** Null takes it away. */
  #put(id: string, connector: Connector | null): void {
    const known = this.all.value ?? [];
    if (connector === null) this.all.value = known.filter((each) => each.id !== id);
    else if (known.some((each) => each.id === id)) this.#replace(id, () => connector);
    else this.all.value = [...known, connector];
  }

  #replace(id: string, change: (connector: Connector) => Connector): void {
    this.all.value =
      this.all.value?.map((connector) => (connector.id === id ? change(connector) : connector)) ?? null;
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    const { signal: life } = this.#life;
    try {
      await work();
      this.problem.value = null;
    } catch (thrown) {
      if (!life.aborted) this.problem.value = asProblem(thrown);
    }
  }
}

async function readConnector(id: string, life: AbortSignal): Promise<Connector> {
  const [status, { runs }] = await Promise.all([
    api.connectorStatus({ connectorId: id }, { signal: life }),
    api.connectorHistory({ connectorId: id, limit: stripLength }, { signal: life }),
  ]);
  return { id, status, runs };
}

/** A connector that was removed while others are shown is no trouble. */
function nullWhereGone(thrown: unknown): null {
  if (thrown instanceof ApiProblem && thrown.code === "CONNECTOR_UNKNOWN") return null;
  throw thrown;
}

/** Results in the order of the inputs. */
async function inTurns<Input, Output>(
  inputs: readonly Input[],
  work: (input: Input) => Promise<Output>,
): Promise<Output[]> {
  const outputs: Output[] = [];
  for (let start = 0; start < inputs.length; start += atATime)
    outputs.push(...(await Promise.all(inputs.slice(start, start + atATime).map(work))));
  return outputs;
}
