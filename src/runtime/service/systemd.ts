import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Logger } from "../../observe/logs.ts";

const run = promisify(execFile);
/** Milliseconds. */
const toolPatienceMs = 5000;

export interface SystemdOptions {
  /** The environment; systemd sets `NOTIFY_SOCKET` and, with a watchdog, `WATCHDOG_USEC`. */
  env: Readonly<Record<string, string | undefined>>;
  /** Whether the service is healthy; the watchdog is fed only then. */
  isAlive: () => boolean;
  log: Logger;
}

/**
 * Notifies systemd of the service's state (sd_notify(3)) through systemd's own tool: Node cannot send to a Unix datagram socket.
 * The unit needs `NotifyAccess=all`, because the tool is a process of its own. Does nothing without systemd; a failed notification
 * is logged.
 */
export class Systemd {
  readonly #options: SystemdOptions;
  #watchdog: NodeJS.Timeout | undefined;

  constructor(options: SystemdOptions) {
    this.#options = options;
  }

  /** Reports the end of start-up and starts feeding the watchdog, if any, twice per interval. */
  async ready(): Promise<void> {
    await this.#notify("READY=1");
    const watchdogMs = Number(this.#options.env.WATCHDOG_USEC ?? 0) / 1000;
    if (watchdogMs > 0) this.#watchdog = setInterval(() => void this.#feed(), watchdogMs / 2).unref();
  }

  /** Reports the shutdown; the watchdog is fed until `close`, because runs may still be ending. */
  stopping(): Promise<void> {
    return this.#notify("STOPPING=1");
  }

  close(): void {
    clearInterval(this.#watchdog);
  }

  async #feed(): Promise<void> {
    if (this.#options.isAlive()) await this.#notify("WATCHDOG=1");
  }

  async #notify(state: string): Promise<void> {
    const { env, log } = this.#options;
    const { NOTIFY_SOCKET, PATH } = env;
    if (NOTIFY_SOCKET === undefined) return;
    try {
      await run("systemd-notify", [state], { env: { NOTIFY_SOCKET, PATH }, timeout: toolPatienceMs });
    } catch (thrown) {
      log.warn({ state, reason: (thrown as Error).message }, "systemd could not be told");
    }
  }
}
