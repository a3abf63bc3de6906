import { ConnectorError } from "../../src/errors/connector-error.ts";
import type { StateWriter } from "../../src/state/embedded-access.ts";
import { embeddedStateManager } from "../../src/state/embedded-state-manager.ts";
import { GroupCommit } from "../../src/state/group-commit.ts";
import { JsonStore } from "../../src/state/json/json-store.ts";
import type { ConnectorLock, StateManager } from "../../src/state/state-manager.ts";
import type { Clock } from "../../src/util/clock.ts";

/** A state of the json backend that no file stands behind: the same rules, nothing to wait for. It ends with the test by itself. */
export function memoryState(clock: Clock): StateManager {
  const content = { ledger: [], syncStates: [], runs: [], schedules: [], records: [], values: [] };
  const tables = new JsonStore(content, async () => undefined);
  const writer = {
    commits: new GroupCommit(tables),
    copies: { noteChange: () => undefined, renew: async () => undefined, close: async () => undefined },
    locks: memoryLocks(),
    place: { require: () => undefined, note: () => undefined },
    rewrite: async () => undefined,
  } as unknown as StateWriter;
  return embeddedStateManager({
    location: "memory",
    notices: [],
    tables,
    clock,
    writer,
    noteDamage: async () => undefined,
    release: async () => undefined,
  });
}

function memoryLocks() {
  const held = new Set<string>();
  return {
    take(connectorId: string): ConnectorLock {
      if (held.has(connectorId))
        throw new ConnectorError("CONNECTOR_LOCKED", `connector "${connectorId}" is being worked on`, {
          subject: connectorId,
        });
      held.add(connectorId);
      return { release: async () => void held.delete(connectorId) };
    },
    releaseAll: () => held.clear(),
  };
}
