import { join } from "node:path";
import { onTestFinished } from "vitest";
import { openState, type StateBackend, type StateOptions } from "../../src/state/open-state.ts";
import type { StateManager } from "../../src/state/state-manager.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

/** One store, opened as often as a test likes. Whatever is open when the test ends is closed. */
export interface TestStore {
  backend: StateBackend;
  path: string;
  open(options?: Partial<StateOptions>): Promise<StateManager>;
}

export function makeStore(backend: StateBackend, path = join(temporaryFolder(), "state")): TestStore {
  return {
    backend,
    path,
    open: async (options) => {
      const state = await openState({ backend, path, ...options });
      onTestFinished(() => state.close().catch(() => undefined));
      return state;
    },
  };
}
