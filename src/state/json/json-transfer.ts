import { readFile, writeFile } from "node:fs/promises";
import {
  compareKeys,
  type SectionName,
  type StateBuilder,
  type StateEntry,
  type StateSnapshot,
  sectionNames,
} from "../state-content.ts";
import { decodeState, StateSize, writeState } from "./json-file.ts";

/** The state as it was last written. Throws the errors of `decodeState` and of the file system. */
export async function openJsonSnapshot(path: string): Promise<StateSnapshot> {
  const content = decodeState(await readFile(path), path);
  return {
    *entries() {
      for (const section of sectionNames) {
        const entries = content[section].map((record) => ({ section, record }) as StateEntry);
        yield* entries.sort(compareKeys);
      }
    },
    close: () => undefined,
  };
}

/**
 * Holds everything in memory until it is written, as this backend always does; `add` throws `STATE_TOO_LARGE` as soon as it is more than a file
 * can hold.
 */
export function buildJsonState(path: string, size = new StateSize()): StateBuilder {
  const texts: Record<SectionName, string[]> = {
    ledger: [],
    syncStates: [],
    runs: [],
    schedules: [],
    records: [],
    values: [],
    pushed: [],
  };
  return {
    add: ({ section, record }) => {
      const text = JSON.stringify(record);
      size.add(Buffer.byteLength(text));
      texts[section].push(text);
    },
    finish: () => writeState(path, texts),
    close: () => undefined,
  };
}

/** Throws `STATE_CORRUPT` when the file is damaged. */
export async function copyJsonState(path: string, target: string): Promise<void> {
  const file = await readFile(path);
  decodeState(file, path);
  await writeFile(target, file);
}
