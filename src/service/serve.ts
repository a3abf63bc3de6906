import type { Writable } from "node:stream";
import { App } from "../app.ts";
import type { ConfigManager } from "../config/config-manager.ts";
import { Service } from "./service.ts";

export interface SignalHandlers {
  /** SIGINT or SIGTERM; `again` from the second one on. */
  stop(again: boolean): void;
  /** SIGHUP. */
  reload(): void;
}

export interface ServeOptions {
  manager: ConfigManager;
  console: Writable;
  takeSignals(handlers: SignalHandlers): void;
  /** Something for people to read, a line at a time. */
  tell(line: string): void;
}

/** Runs the service until it is told to stop. Resolves when everything is durable and closed. */
export async function serve(options: ServeOptions): Promise<void> {
  const app = await App.open(options.manager, { readOnly: false });
  try {
    for (const notice of app.state.notices) options.tell(notice);
    await serveWith(app, options);
  } finally {
    await app.close();
  }
}

async function serveWith(app: App, { manager, console, takeSignals, tell }: ServeOptions): Promise<void> {
  const service = new Service({ manager, app, schedules: true, console });
  const stopped = Promise.withResolvers<void>();
  takeSignals({
    stop: (again) => {
      tell(again ? "cutting runs short" : "stopping: runs under way may end (once more to cut them short)");
      service.stop().then(stopped.resolve, stopped.reject);
    },
    reload: () => void service.reloader.reload(),
  });
  try {
    await service.start();
    if (service.metricsUrl !== null) tell(`metrics    ${service.metricsUrl}`);
    tell("ready");
    await stopped.promise;
  } finally {
    await service.close();
  }
}
