import { access, constants } from "node:fs/promises";
import { dirname } from "node:path";
import type { AuditLog } from "../../access/audit/audit-log.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { type Diagnosis, failure, fine, problem, warning } from "./diagnosis.ts";
import { severalSchedulers } from "./other-schedulers.ts";

/** Whether the state store, opened read-only, is writable too. `path` is its file. */
export async function checkState({ location, notices }: StateManager, path: string): Promise<Diagnosis[]> {
  const noted = notices.map((notice) => fine("state", notice));
  try {
    await writable(path);
    return [...noted, fine("state", `${location} opens`)];
  } catch (cause) {
    const fix = "give its file and folder to the user who runs memory-connector";
    const message = `${location} opens, and this user may not write it (${(cause as Error).message})`;
    return [...noted, problem("state", message, fix)];
  }
}

/** Whether several services schedule on the state. `indexFolders`: those of direct mode, which any of them may be given to write. */
export async function checkSchedulers(
  state: Parameters<typeof severalSchedulers>[0],
  indexFolders: readonly string[],
): Promise<Diagnosis[]> {
  const several = await severalSchedulers(state);
  if (several === null) return [];
  const { message, fix } = several;
  if (fix !== null) return [warning("services", message, fix)];
  return [
    fine("services", message),
    ...[...new Set(indexFolders)].map((folder) =>
      warning(
        "services",
        `any of them may run a connector into ${folder}: on another machine that is another folder, and on this one only the first to open it may write`,
        "have one service alone run the connectors of direct mode, or send to a LightRAG server (lightrag.mode: api)",
      ),
    ),
  ];
}

export async function checkAudit(audit: AuditLog): Promise<Diagnosis> {
  try {
    const { entries, problem: broken } = await audit.verify();
    if (broken === null) return fine("audit log", `${plural(entries, "entry", "entries")}, the chain holds`);
    const message = `the chain is broken at entry ${broken.number}: ${broken.reason}`;
    return problem("audit log", message, "find out who may write the state file; compare with a backup");
  } catch (thrown) {
    return failure("audit log", thrown);
  }
}

/** Checks an existing file and its folder, where further files are created; for a missing one, the nearest existing folder. */
async function writable(path: string): Promise<void> {
  const there = await nearestThere(path);
  await access(there, constants.R_OK | constants.W_OK);
  if (there === path) await access(dirname(path), constants.W_OK);
}

async function nearestThere(path: string): Promise<string> {
  try {
    await access(path);
    return path;
  } catch (thrown) {
    const isMissing = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    if (!isMissing || dirname(path) === path) throw thrown;
    return nearestThere(dirname(path));
  }
}
