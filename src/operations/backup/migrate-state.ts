import { open } from "node:fs/promises";
import * as z from "zod";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { type Clock, systemClock } from "../../kernel/util/clock.ts";
import {
  holdState,
  openSnapshot,
  type StateBackend,
  type StatePlace,
  stateBackends,
} from "../../state/open-state.ts";
import { replaceState } from "../../state/replace-state.ts";
import { sizeOf } from "../../state/state-files.ts";
import { noRecords, type RecordCounts, recordCountsSchema } from "../archive/archive-format.ts";
import { fileOperation } from "../operation.ts";
import { yieldingToEventLoop } from "./yielding-to-event-loop.ts";

export interface MigrateOptions {
  from: StatePlace;
  to: StatePlace;
  /** Replace the target's content, which is kept under another name. */
  overwrite: boolean;
  clock: Clock;
}

export interface MigrationReport {
  counts: RecordCounts;
  /** Where the target's previous content is; null when there was none. */
  keptAs: string | null;
}

/**
 * Copies the source's content to the target. The source is unchanged and locked against writers meanwhile. The target is created or
 * replaced atomically. Throws `STATE_LOCKED`, `STATE_MISSING`, `STATE_NOT_EMPTY` and the errors of both states.
 */
export async function migrateState(options: MigrateOptions, signal: AbortSignal): Promise<MigrationReport> {
  const { from, to, overwrite, clock } = options;
  const counts = noRecords();
  const release = await holdState(from, clock);
  try {
    const snapshot = await openSnapshot(from);
    try {
      const keptAs = await replaceState({
        ...to,
        clock,
        overwrite,
        connectorId: null,
        fill: async (add) => {
          for await (const entry of yieldingToEventLoop(snapshot.entries(), signal)) {
            await add(entry);
            counts[entry.section] += 1;
          }
        },
      });
      return { counts, keptAs };
    } finally {
      await snapshot.close();
    }
  } finally {
    await release();
  }
}

const placeSchema = z.strictObject({ backend: z.enum(stateBackends), path: z.string() });
const givenPlace = placeSchema.extend({ password: z.string().nullable().optional() });

export const migrateOperation = fileOperation({
  name: "state.migrate",
  tag: "Service",
  summary: "Copy a state into another backend, or into its own place from a backup",
  access: "admin",
  input: z.strictObject({
    from: givenPlace,
    to: givenPlace,
    replace: z.boolean().default(false).describe("replace what the target holds; it is kept beside it"),
  }),
  output: z.strictObject({
    from: placeSchema,
    to: placeSchema,
    records: recordCountsSchema,
    keptAs: z.string().nullable().describe("where the state is kept that the target held before"),
  }),
  errors: [
    "STATE_LOCKED",
    "STATE_MISSING",
    "STATE_NOT_EMPTY",
    "STATE_TOO_LARGE",
    "STATE_FOREIGN",
    "STATE_CORRUPT",
  ],
  changes: ["state.migrate"],
  run: async ({ signal, record }, { from, to, replace }) => {
    const options = { from, to, overwrite: replace, clock: systemClock };
    const { counts, keptAs } = await migrateState(options, signal);
    const answer = { from: shown(from), to: shown(to), records: counts, keptAs };
    await record({ action: "state.migrate", subject: null, after: answer });
    return answer;
  },
});

const shown = ({ backend, path }: StatePlace) => ({ backend, path });

/** The backend of a state file, by its first bytes. Throws `STATE_MISSING` and `STATE_FOREIGN`. */
export async function backendOfFile(path: string): Promise<StateBackend> {
  if ((await sizeOf(path)) === null) {
    throw new ConnectorError("STATE_MISSING", `there is no state at ${path}`, { subject: path });
  }
  const beginning = await firstBytes(path, 16);
  if (beginning.startsWith("SQLite format 3")) return "sqlite";
  if (beginning.startsWith('{"format"')) return "json";
  throw new ConnectorError("STATE_FOREIGN", `${path} is no state of memory-connector`, { subject: path });
}

async function firstBytes(path: string, count: number): Promise<string> {
  const handle = await open(path, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0);
    return buffer.toString("latin1", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
