import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { PushedChange } from "../../../src/domain/pushed-memory.ts";
import type { RunCounts, RunOutcome } from "../../../src/domain/run-record.ts";
import type { LightRagApiOptions } from "../../../src/sinks/lightrag/server/options.ts";
import type { SourceCapabilities } from "../../../src/sources/source-capabilities.ts";
import type { StatePlace } from "../../../src/state/open-state.ts";
import type { RunOptions } from "../../../src/sync/run-options.ts";
import type { SyncSettings } from "../../../src/sync/sync-settings.ts";
import type { SourceInput } from "./week-source.ts";

export interface RunRequest {
  state: StatePlace;
  source: SourceInput;
  sink: LightRagApiOptions;
  settings: SyncSettings;
  /** What programs send before the run, and then part by part while it goes on. */
  sent: readonly (readonly PushedChange[])[];
  options: Partial<RunOptions>;
  /** Put upon the machine's time. */
  clockOffsetMs: number;
  /** Dead letters are tried again first. */
  replay: boolean;
  /** Ledger, source and LightRAG are compared as a whole and repaired; the run is only a part of it. */
  repair: boolean;
}

export interface RunAnswer {
  outcome: RunOutcome;
  /** Of the source as it was told. */
  capabilities: SourceCapabilities;
  truncated: string | null;
  counts: RunCounts;
  errors: { code: string; message: string }[];
  /** Rows that are not simply delivered. */
  named: { memoryId: string; status: string; code: string | null }[];
}

const script = fileURLToPath(new URL("./runner.ts", import.meta.url));

/** The process of a connector, which is started again after each kill. */
export class RunnerProcess {
  #child: ChildProcess | null = null;

  /** Resolves to null when the process was killed before it answered. Throws what the run threw. */
  async run(request: RunRequest): Promise<RunAnswer | null> {
    const child = this.#child ?? (await this.#start());
    const over = new AbortController();
    const exited = once(child, "exit", over).then(() => null);
    const answered = once(child, "message", over).then(
      ([answer]) => answer as RunAnswer | { thrown: string },
    );
    child.send(request);
    const answer = await Promise.race([answered, exited]);
    over.abort();
    await Promise.allSettled([answered, exited]);
    if (answer === null && child.signalCode !== "SIGKILL") throw new Error("a run ended its process");
    if (answer !== null && "thrown" in answer) throw new Error(answer.thrown);
    return answer;
  }

  kill(): void {
    this.#child?.kill("SIGKILL");
    this.#child = null;
  }

  async #start(): Promise<ChildProcess> {
    const execArgv = ["--disable-warning=ExperimentalWarning"];
    const child = fork(script, [], { execArgv, serialization: "advanced" });
    await once(child, "message");
    this.#child = child;
    return child;
  }
}
