import { getSystemErrorMap } from "node:util";
import { ConnectorError } from "./connector-error.ts";

const descriptions = new Map(getSystemErrorMap().values());

/**
 * What the operating system refused, told without the words of Node (`EACCES: permission denied, mkdtemp '/tmp/…'`); undefined for
 * everything else. For what no part that knows more has told before.
 */
export function systemError(thrown: unknown): ConnectorError | undefined {
  if (!(thrown instanceof Error) || thrown instanceof ConnectorError) return undefined;
  const { code = "", syscall, path } = thrown as NodeJS.ErrnoException;
  const description = descriptions.get(code);
  if (description === undefined || syscall === undefined) return undefined;
  const subject = path ?? syscall;
  return new ConnectorError("SYSTEM_REFUSED", `${subject}: ${description}`, { subject, cause: thrown });
}
