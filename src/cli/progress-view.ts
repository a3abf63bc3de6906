import cliProgress from "cli-progress";
import type { Listenable } from "../kernel/util/event-bus.ts";
import { plural } from "../kernel/util/readable.ts";
import { printable } from "../kernel/util/terminal-text.ts";
import type { RunPhase, SyncEvents } from "../sync/events.ts";
import type { CliIo } from "./cli-io.ts";

const phaseNames: Readonly<Record<RunPhase, string>> = {
  connect: "connecting to LightRAG",
  reconcile: "checking what an earlier run left",
  discover: "reading the source",
  deliver: "delivering, waiting for LightRAG's proof",
};

/** Interval of progress lines where stderr is not a terminal. */
const plainEveryMs = 5_000;

/** Shows a run on stderr while it works: a bar that redraws itself on a terminal, a line now and then elsewhere. */
export class ProgressView {
  readonly #io: CliIo;
  readonly #stops: (() => void)[];
  #bar: cliProgress.SingleBar | null = null;
  #lastPlainAt = performance.now();

  constructor(io: CliIo, events: Listenable<SyncEvents>, options: { silent: boolean }) {
    this.#io = io;
    this.#stops = options.silent
      ? []
      : [
          events.on("run:phase", ({ phase }) => this.#line(phaseNames[phase])),
          events.on("run:notice", ({ message }) => this.#line(message)),
          events.on("run:budget-spent", ({ waiting }) =>
            this.#line(
              `today's budget is spent; ${plural(waiting, "memory waits", "memories wait")} for tomorrow`,
            ),
          ),
          events.on("run:progress", (progress) => this.#progress(progress)),
          events.on("item:dead", ({ memoryId, error }) =>
            this.#line(`${memoryId}: ${error.code}: ${error.message} · ${error.hint}`),
          ),
          events.on("run:end", () => this.#endBar()),
        ];
  }

  close(): void {
    this.#endBar();
    for (const stop of this.#stops) stop();
  }

  #line(text: string): void {
    this.#endBar();
    this.#io.writeErr(`${printable(text)}\n`);
  }

  #progress({ phase, counts, done, total }: SyncEvents["run:progress"]): void {
    if (phase === "discover")
      this.#plain(`${plural(counts.fetched, "memory", "memories")} read, ${total} to deliver`);
    else if (this.#io.canRedraw) this.#drawBar(done, total);
    else this.#plain(`${done} of ${total} done`);
  }

  #drawBar(done: number, total: number): void {
    this.#bar ??= startBar(total);
    this.#bar.setTotal(total);
    this.#bar.update(done);
  }

  #plain(text: string): void {
    const now = performance.now();
    if (now - this.#lastPlainAt < plainEveryMs) return;
    this.#lastPlainAt = now;
    this.#line(text);
  }

  #endBar(): void {
    this.#bar?.stop();
    this.#bar = null;
  }
}

function startBar(total: number): cliProgress.SingleBar {
  const bar = new cliProgress.SingleBar(
    {
      format: "{bar} {percentage}% · {value} of {total} · {eta_formatted} left",
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: false,
      barsize: 30,
    },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total, 0);
  return bar;
}
