import { join } from "node:path";
import { ConnectorError } from "../../../../kernel/errors/connector-error.ts";
import {
  describeHolder,
  type ProcessLock,
  readLockHolder,
  tryProcessLock,
} from "../../../../kernel/util/process-lock.ts";

const fileName = "memory_connector.lock";

/** Keeps other processes of ours out of the folder. Throws `DIRECT_FOLDER_LOCKED`. `now` in milliseconds since the epoch. */
export function takeFolderLock(folder: string, now: number): ProcessLock {
  const path = join(folder, fileName);
  const lock = tryProcessLock(path, "exclusive", now);
  if (lock !== null) return lock;
  const holder = describeHolder(readLockHolder(path));
  throw new ConnectorError("DIRECT_FOLDER_LOCKED", `${folder} is in use by ${holder}`, { subject: folder });
}
