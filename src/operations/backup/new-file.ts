import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { sizeOf } from "../../state/state-files.ts";

/** Throws `ARCHIVE_EXISTS` when the path exists and must not be overwritten. */
export async function requireNoFile(path: string, force: boolean): Promise<void> {
  if (force || (await sizeOf(path)) === null) return;
  throw new ConnectorError("ARCHIVE_EXISTS", `${path} exists already`, { subject: path });
}

export function notWritten(path: string, thrown: unknown): ConnectorError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  return new ConnectorError("ARCHIVE_NOT_WRITTEN", `cannot write ${path}: ${reason}`, {
    subject: path,
    cause: thrown,
  });
}
