import { rename } from "node:fs/promises";
import { DatabaseSync } from "node:sqlite";
import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { replaceWithCopy } from "../../kernel/util/durable-file.ts";
import { wentBackTo } from "../recovery-notices.ts";
import { asidePath, existing, quarantine } from "../state-files.ts";
import { checkDatabase } from "./sqlite-database.ts";

/**
 * Replaces a damaged database, which is quarantined, by its newest intact backup; returns the notice. No other process may have the
 * database open. Throws the damage when there is no intact backup.
 */
export async function recoverDatabase(
  path: string,
  copies: readonly string[],
  damage: ConnectorError,
  now: number,
): Promise<string> {
  const copy = (await existing(copies)).find(isGood);
  if (copy === undefined) throw damage;
  // The log is removed first: otherwise it would be replayed into the backup.
  for (const suffix of ["-wal", "-shm"]) {
    for (const found of await existing([path + suffix]))
      await rename(found, asidePath(path, now, "corrupt") + suffix);
  }
  const aside = await quarantine(path, now, "corrupt");
  await replaceWithCopy(path, copy);
  return wentBackTo(copy, aside, damage);
}

function isGood(copy: string): boolean {
  try {
    const database = new DatabaseSync(copy, { readOnly: true });
    try {
      checkDatabase(database, copy);
      return true;
    } finally {
      database.close();
    }
  } catch {
    return false;
  }
}
