import { ConnectorError, systemReason } from "../../kernel/errors/connector-error.ts";
import { sizeOf } from "../../state/state-files.ts";

/** Throws `ARCHIVE_EXISTS` when the path exists and must not be overwritten. */
export async function requireNoFile(path: string, force: boolean): Promise<void> {
  if (force || (await sizeOf(path)) === null) return;
  throw new ConnectorError("ARCHIVE_EXISTS", `${path} exists already`, { subject: path });
}

export function notWritten(path: string, thrown: unknown): ConnectorError {
  const message = `cannot write ${path}: ${systemReason(thrown, path)}`;
  return new ConnectorError("ARCHIVE_NOT_WRITTEN", message, { subject: path, cause: thrown });
}
