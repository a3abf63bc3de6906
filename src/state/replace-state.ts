import { ConnectorError, isConnectorError } from "../kernel/errors/connector-error.ts";
import type { Clock } from "../kernel/util/clock.ts";
import { erasuresAmong, isSources, KeptErasures } from "./kept-erasures.ts";
import { withStateAlone } from "./open-state.ts";
import { connectorOf } from "./ownership.ts";
import type { ReplaceableState, StateEntry, StateSnapshot, StoredRecord } from "./state-content.ts";
import type { StatePlace } from "./state-place.ts";

/** Takes an entry of the new content; to be waited for. */
export type AddEntry = (entry: StateEntry) => void | Promise<void>;

export interface ReplaceStateOptions extends StatePlace {
  clock: Clock;
  /** Replaces only the data of this connector and carries the rest over; null for everything. */
  connectorId: string | null;
  /** False: throw `STATE_NOT_EMPTY` when there is data to be replaced. */
  overwrite: boolean;
  /** Supplies the new content. If it throws, the old state is unchanged. */
  fill(add: AddEntry): Promise<void>;
}

/**
 * Replaces a state atomically. No other process may have it open for writing; `STATE_LOCKED` otherwise. Erasures of the old state apply to the new one.
 * The old state is kept under another name, which is returned; null when there was none.
 */
export async function replaceState(options: ReplaceStateOptions): Promise<string | null> {
  return withStateAlone(options, options.clock, (state) => replaceAlone(options, state));
}

async function replaceAlone(options: ReplaceStateOptions, state: ReplaceableState): Promise<string | null> {
  const { carried, replaced } = await look(options, state);
  if (replaced && !options.overwrite) throw notEmpty(options);
  const erasures = new KeptErasures(await remainingErasures(options, state), options.clock.now());
  return state.replace(async (builder) => {
    const add: AddEntry = (entry) => {
      const kept = erasures.pass(entry);
      if (kept !== null) return builder.add(kept);
    };
    if (carried) await carryOver(options, state, add);
    await options.fill(add);
    for (const entry of erasures.rest()) await builder.add(entry);
    await builder.finish();
  });
}

/** Whether the state has data to be replaced and data to be kept. A damaged one is replaced as a whole. */
async function look(
  { connectorId, overwrite }: ReplaceStateOptions,
  state: ReplaceableState,
): Promise<{ carried: boolean; replaced: boolean }> {
  const carried = connectorId !== null;
  try {
    const found = await reading(await state.openItself(), async (snapshot) => {
      for await (const entry of snapshot.entries())
        if (isIn(connectorId, entry) && !isSources(entry)) return { carried, replaced: true };
      return { carried, replaced: false };
    });
    return found ?? { carried: false, replaced: false };
  } catch (thrown) {
    if (connectorId === null && overwrite && isConnectorError(thrown, "STATE_CORRUPT")) {
      return { carried: false, replaced: true };
    }
    throw thrown;
  }
}

/** From the state itself, or from its newest readable backup, of which everything counts: data of other connectors is not carried over from it. */
async function remainingErasures(
  { connectorId }: ReplaceStateOptions,
  state: ReplaceableState,
): Promise<StoredRecord[]> {
  const itself = await state.openItself().catch(() => null);
  const among = (of: string | null) => (snapshot: StateSnapshot) => erasuresAmong(snapshot.entries(), of);
  const found = await reading(itself, among(connectorId));
  return found ?? (await reading(await state.openCopy(), among(null))) ?? [];
}

async function reading<T>(
  snapshot: StateSnapshot | null,
  work: (snapshot: StateSnapshot) => Promise<T>,
): Promise<T | null> {
  try {
    return snapshot === null ? null : await work(snapshot);
  } finally {
    await snapshot?.close();
  }
}

function isIn(connectorId: string | null, entry: StateEntry): boolean {
  return connectorId === null || connectorOf(entry) === connectorId;
}

async function carryOver(
  { connectorId }: ReplaceStateOptions,
  state: ReplaceableState,
  add: AddEntry,
): Promise<void> {
  await reading(await state.openItself(), async (snapshot) => {
    for await (const entry of snapshot.entries()) if (!isIn(connectorId, entry)) await add(entry);
  });
}

function notEmpty({ path, connectorId }: ReplaceStateOptions): ConnectorError {
  const what = connectorId === null ? "something" : `something of connector "${connectorId}"`;
  return new ConnectorError("STATE_NOT_EMPTY", `the state ${path} already holds ${what}`, { subject: path });
}
