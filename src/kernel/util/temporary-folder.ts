import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConnectorError, systemReason } from "../errors/connector-error.ts";

/** A fresh folder, which the caller removes. Throws `SYSTEM_REFUSED`, with how to name another place for temporary files. */
export async function makeTemporaryFolder(prefix: string): Promise<string> {
  const place = tmpdir();
  try {
    return await mkdtemp(join(place, prefix));
  } catch (cause) {
    const reason = systemReason(cause, (cause as NodeJS.ErrnoException).path);
    const message = `no temporary folder can be made in ${place}: ${reason}`;
    const hint = "set TMPDIR to a folder that this user may write, on a disk that has room";
    throw new ConnectorError("SYSTEM_REFUSED", message, { subject: place, hint, cause });
  }
}
