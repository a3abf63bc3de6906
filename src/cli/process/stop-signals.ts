/** How long work that was cut short may take to put things in order. Milliseconds. */
const tidyUpMs = 5000;

/** How long a command may take to stop, when it says nothing else. Milliseconds. */
const patienceMs = 30_000;

/** The first process of a container: the system ends it by no signal for which it does not listen. */
const firstPid = 1;

export interface StopOptions {
  /** True for a command that lets its work end at the first signal and cuts it short at the second. */
  drains: boolean;
  /** Something for people to read, a line at a time. */
  say(line: string): void;
  /** Ends the process, whatever hangs. Another way may be set later. */
  end(): void;
}

/** SIGINT and SIGTERM of a process: the first asks the work to stop, the next ones insist, and a deadline sees to it that it ends. */
export class StopSignals {
  readonly #options: StopOptions;
  readonly #stopping = new AbortController();
  readonly #cutting = new AbortController();
  #end: () => void;
  #graceMs = patienceMs;
  #isAsking = false;
  #deadline: NodeJS.Timeout | undefined;

  constructor(options: StopOptions) {
    this.#options = options;
    this.#end = options.end;
  }

  /** Aborts on the first signal. */
  get stop(): AbortSignal {
    return this.#stopping.signal;
  }

  /** Aborts on the second signal, of a command that drains. */
  get cutShort(): AbortSignal {
    return this.#cutting.signal;
  }

  /** How long after the first signal the process ends, whatever hangs. Milliseconds. */
  get limitMs(): number {
    return this.#graceMs + tidyUpMs;
  }

  /** How long the work may take after the first signal. Milliseconds. */
  endWithin(ms: number): void {
    this.#graceMs = ms;
  }

  /** From now on a person is asked and nothing is under way: the command itself says how that ends. Returns how to end it. */
  asking(): () => void {
    this.#isAsking = true;
    return () => {
      this.#isAsking = false;
    };
  }

  /** How the process ends when it has to. */
  endBy(end: () => void): void {
    this.#end = end;
  }

  readonly hear = (): void => {
    if (!this.stop.aborted) this.#begin();
    else if (this.#options.drains && !this.cutShort.aborted) this.#cut();
    else this.#endNow();
  };

  listen(): void {
    process.on("SIGINT", this.hear).on("SIGTERM", this.hear);
  }

  /** From now on a signal ends the process at once. */
  close(): void {
    clearTimeout(this.#deadline);
    this.#leaveToSystem();
  }

  /** The next signal is the system's to act on: its end works whatever the process hangs in, and ours only when the loop comes round. */
  #leaveToSystem(): void {
    process.off("SIGINT", this.hear).off("SIGTERM", this.hear);
  }

  #begin(): void {
    const { drains, say } = this.#options;
    if (!drains && process.pid !== firstPid) this.#leaveToSystem();
    if (!this.#isAsking)
      say(
        drains
          ? "stopping: runs under way may end (once more to cut them short)"
          : "stopping (once more to end at once)",
      );
    this.#endAfter(this.limitMs);
    this.#stopping.abort();
  }

  #cut(): void {
    this.#options.say("cutting runs short (once more to end at once)");
    this.#endAfter(Math.min(tidyUpMs, this.#graceMs));
    this.#cutting.abort();
  }

  #endAfter(ms: number): void {
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => this.#endNow(), ms).unref();
  }

  #endNow(): void {
    clearTimeout(this.#deadline);
    const { drains, say } = this.#options;
    say(`ended before the work had${drains ? "; nothing is lost, the next start takes it up" : ""}`);
    this.#end();
  }
}
