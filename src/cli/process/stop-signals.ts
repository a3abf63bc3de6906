/** Time limit for cancelled work to clean up. Milliseconds. */
const tidyUpMs = 5000;

/** Default time limit for a command to stop. Milliseconds. */
const defaultGraceMs = 30_000;

/** PID 1 of a container: signals without a listener do not end it. */
const firstPid = 1;

export interface StopOptions {
  /** True for a command that drains its work on the first signal and cancels it on the second. */
  drains: boolean;
  /** Something for people to read, a line at a time. */
  say(line: string): void;
  /** Ends the process, whatever hangs. Can be replaced later. */
  end(): void;
}

/**
 * Handles SIGINT and SIGTERM: the first asks the work to stop, further ones force it, and a deadline ends the process in any case.
 */
export class StopSignals {
  readonly #options: StopOptions;
  readonly #stopping = new AbortController();
  readonly #cutting = new AbortController();
  #end: () => void;
  #graceMs = defaultGraceMs;
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

  /** Deadline after the first signal at which the process ends, whatever hangs. Milliseconds. */
  get limitMs(): number {
    return this.#graceMs + tidyUpMs;
  }

  /** Time limit for the work after the first signal. Milliseconds. */
  endWithin(ms: number): void {
    this.#graceMs = ms;
  }

  /**
   * While a dialogue is open no work is active, so the command itself decides how a signal ends it. Returns a function that ends this mode.
   */
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

  readonly onSignal = (): void => {
    if (!this.stop.aborted) this.#begin();
    else if (this.#options.drains && !this.cutShort.aborted) this.#cut();
    else this.#endNow();
  };

  listen(): void {
    process.on("SIGINT", this.onSignal).on("SIGTERM", this.onSignal);
  }

  /** From now on a signal ends the process at once. */
  close(): void {
    clearTimeout(this.#deadline);
    this.#leaveToSystem();
  }

  /** The next signal gets its default action: that ends the process whatever it hangs in, while a handler needs the event loop. */
  #leaveToSystem(): void {
    process.off("SIGINT", this.onSignal).off("SIGTERM", this.onSignal);
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
