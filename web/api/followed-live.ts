import { effect } from "@preact/signals";
import {
  closeLive,
  connection,
  hear,
  hearConnection,
  type LiveEvent,
  onLiveEvent,
  openLive,
} from "./live.ts";
import { apiAddress } from "./request.ts";

/** What tabs tell each other. `asks`: a tab that has come wants to know how the stream stands. */
type Message = { event: LiveEvent } | { stands: typeof connection.value } | { asks: true };

/**
 * Follows the events of the service, until the function that it returns is called. A browser opens six connections to a host, and a stream
 * takes one for itself: tabs of one service share a stream, which one of them holds, by a lock of the browser, and passes on. A hidden tab
 * holds none. Where a browser has no locks (plain HTTP to another machine), each tab that is seen has its own.
 */
export function followLive(types: readonly LiveEvent["type"][]): () => void {
  const tabs = typeof navigator.locks === "undefined" ? null : new Tabs(navigator.locks);
  let turn: AbortController | null = null;
  const follow = () => {
    if (document.visibilityState === "hidden") {
      turn?.abort();
      turn = null;
    } else if (turn === null) {
      turn = new AbortController();
      if (tabs === null) void held(types, turn.signal);
      else tabs.takeTurn(turn.signal, (signal) => held(types, signal));
    }
  };
  document.addEventListener("visibilitychange", follow);
  follow();
  return () => {
    document.removeEventListener("visibilitychange", follow);
    turn?.abort();
    tabs?.leave();
  };
}

/** Holds a stream open; resolves once `ended` says so, and it is closed. */
function held(types: readonly LiveEvent["type"][], ended: AbortSignal): Promise<void> {
  if (ended.aborted) return Promise.resolve();
  openLive(types);
  return new Promise((resolve) =>
    ended.addEventListener("abort", () => {
      closeLive();
      resolve();
    }),
  );
}

/** The tabs of one service in one browser. One of them holds the stream, and tells the others. */
class Tabs {
  readonly #locks: LockManager;
  readonly #name = `events of ${apiAddress("events")}`;
  readonly #channel = new BroadcastChannel(this.#name);
  readonly #ends: (() => void)[];
  #isHolder = false;

  constructor(locks: LockManager) {
    this.#locks = locks;
    this.#channel.onmessage = ({ data }: MessageEvent<Message>) => this.#take(data);
    this.#ends = [
      onLiveEvent((event) => this.#tell({ event })),
      effect(() => this.#tell({ stands: connection.value })),
    ];
  }

  /** Does `hold` once no other tab holds the stream; never where `given` up before. */
  takeTurn(given: AbortSignal, hold: (ended: AbortSignal) => Promise<void>): void {
    const held = this.#locks.request(this.#name, { signal: given }, async () => {
      this.#isHolder = !given.aborted;
      await hold(given);
      this.#isHolder = false;
    });
    // It is rejected where the turn is given up before it has come.
    held.catch(() => undefined);
    this.#channel.postMessage({ asks: true } satisfies Message);
  }

  leave(): void {
    for (const end of this.#ends) end();
    this.#channel.close();
  }

  #tell(message: Message): void {
    if (this.#isHolder) this.#channel.postMessage(message);
  }

  #take(message: Message): void {
    if ("asks" in message) this.#tell({ stands: connection.peek() });
    else if (this.#isHolder) return;
    else if ("event" in message) hear(message.event);
    else hearConnection(message.stands);
  }
}
