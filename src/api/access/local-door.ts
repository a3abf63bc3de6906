import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { replaceWith } from "../../util/durable-file.ts";

/** The way into a running service for those who may read its state: where it listens, and a key that is good while it runs. */
export interface LocalDoor {
  url: string;
  key: string;
}

/** Beside the state file, and for its owner alone, as the state is. */
const doorOf = (statePath: string): string => `${statePath}.service`;

/** Written when the API listens; one that an earlier process left behind is replaced. */
export async function openLocalDoor(statePath: string, door: LocalDoor): Promise<void> {
  await replaceWith(doorOf(statePath), (path) => writeFile(path, JSON.stringify(door)));
}

/** Null when no service runs on this state, or the file is not for us. */
export function readLocalDoor(statePath: string): LocalDoor | null {
  try {
    const { url, key } = JSON.parse(readFileSync(doorOf(statePath), "utf8")) as Partial<LocalDoor>;
    return typeof url === "string" && typeof key === "string" ? { url, key } : null;
  } catch {
    return null;
  }
}

/** Of two services on one state the one that began last has the door. */
export async function closeLocalDoor(statePath: string, { key }: LocalDoor): Promise<void> {
  if (readLocalDoor(statePath)?.key === key) await rm(doorOf(statePath), { force: true });
}
