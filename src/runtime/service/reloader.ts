import { statSync } from "node:fs";
import { serviceOrigin } from "../../access/audit/audit-origin.ts";
import type { ConfigChanges } from "../../config/changes.ts";
import type { ConfigManager } from "../../config/config-manager.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { alignedDelay } from "../../kernel/util/due-time.ts";
import type { Logger } from "../../observe/logs.ts";
import type { SchedulerService } from "../../schedule/scheduler-service.ts";
import type { App } from "../app.ts";
import { alignSchedules } from "./align-schedules.ts";

export interface ReloaderOptions {
  manager: ConfigManager;
  app: App;
  scheduler: SchedulerService | null;
  log: Logger;
  /** Applies the configuration to log levels and masked secrets. */
  apply(): void;
}

/** Reloads the configuration on request and when its files change. Active runs keep their settings. */
export class Reloader {
  readonly #options: ReloaderOptions;
  #refusal: string | null = null;
  #working: Promise<void> = Promise.resolve();
  /** True between start and stop. Before, `start` reads the files once more anyway; afterwards a reload has no use. */
  #following = false;
  #stopWatching: () => void = () => undefined;

  constructor(options: ReloaderOptions) {
    this.#options = options;
  }

  /** Error of the last refused change; null when it was accepted. */
  get problem(): string | null {
    return this.#refusal;
  }

  /** Starts watching, and reloads changes made since the first read. */
  async start(): Promise<void> {
    this.#following = true;
    this.#watch();
    await this.reload();
  }

  /** Resolves when the change is applied or refused; never rejects. One reload at a time. */
  reload(): Promise<void> {
    if (this.#following) this.#working = this.#working.then(() => this.#reloadNow());
    return this.#working;
  }

  async stop(): Promise<void> {
    this.#following = false;
    this.#stopWatching();
    await this.#working;
    this.#stopWatching();
  }

  #watch(): void {
    this.#stopWatching();
    this.#stopWatching = watchFiles(this.#options.manager.files, () => void this.reload());
  }

  async #reloadNow(): Promise<void> {
    const { manager, log } = this.#options;
    const outcome = manager.reload();
    if (!outcome.ok) return this.#refuse(outcome.error.format());
    try {
      await this.#take(outcome.changes);
    } catch (thrown) {
      return this.#refuse(toConnectorError(thrown).format());
    }
    const wasRefused = this.#refusal !== null;
    this.#refusal = null;
    const { added, removed, changed, blocks, waiting } = outcome.changes;
    if ([added, removed, changed, blocks].every((list) => list.length === 0)) {
      if (wasRefused) log.info("the configuration is again the one in force");
      return;
    }
    await this.#audit(outcome.changes);
    log.info({ added, removed, changed: changed.map(({ id }) => id), blocks }, "configuration read again");
    if (waiting.length > 0) log.warn({ settings: waiting }, "these settings take effect at the next start");
    // The configuration may now depend on other files.
    this.#watch();
  }

  /** The configuration applies even if it cannot be recorded. */
  async #audit(changes: ConfigChanges): Promise<void> {
    const { manager, app, log } = this.#options;
    const change = { action: "config.reload", subject: manager.source, after: changes } as const;
    await app.audit.record(serviceOrigin(), change).catch((thrown) => {
      log.error(
        { error: toConnectorError(thrown).format() },
        "the change could not be written to the audit log",
      );
    });
  }

  async #take({ blocks }: ConfigChanges): Promise<void> {
    const { manager, app, scheduler, apply } = this.#options;
    await app.connectors.refresh();
    apply();
    if (scheduler !== null) await alignSchedules(scheduler, app.connectors.configs());
    if (blocks.includes("advanced")) {
      scheduler?.setMaxConcurrent(manager.config.advanced.maxConcurrentConnectors);
    }
    await app.releaseUnused();
  }

  #refuse(reason: string): void {
    this.#refusal = reason;
    this.#options.log.error(
      { reason },
      "the changed configuration was refused; the one before stays in force",
    );
  }
}

/** Polling interval. Polling works on every file system, across links and for replaced files. Milliseconds. */
const everyMs = 1000;

/**
 * Calls `changed` after any of the files was changed, created or removed. Returns the function that stops it. Does not keep the
 * process alive. The first poll happens before it returns, so that a caller who then reads the files misses no change.
 */
export function watchFiles(paths: readonly string[], changed: () => void): () => void {
  let seen = paths.map(stateOf).join();
  let timer: NodeJS.Timeout | undefined;
  const wait = () => {
    timer = setTimeout(look, alignedDelay(everyMs, Date.now())).unref();
  };
  const look = () => {
    wait();
    const now = paths.map(stateOf).join();
    if (now === seen) return;
    seen = now;
    changed();
  };
  wait();
  return () => clearTimeout(timer);
}

/** Changes whenever the file is written or replaced. */
function stateOf(path: string): string {
  try {
    const { mtimeMs, size, ino } = statSync(path);
    return `${ino}:${size}:${mtimeMs}`;
  } catch {
    return "none";
  }
}
