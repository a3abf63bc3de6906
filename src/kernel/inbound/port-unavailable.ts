import { ConnectorError } from "../errors/connector-error.ts";

const elsewhere = "name an address of this machine, such as 127.0.0.1, or 0.0.0.0 for every one";

/** What helps, where it is not the code's own remedy. */
const hints: ReadonlyMap<string, string> = new Map([
  ["EADDRNOTAVAIL", elsewhere],
  ["ENOTFOUND", elsewhere],
  ["EAI_AGAIN", elsewhere],
  ["EACCES", "configure a port from 1024 on, or give this program the right to listen on lower ones"],
]);

/** Why a server cannot listen there, from what the system said. */
export function portUnavailable(host: string, port: number, cause: NodeJS.ErrnoException): ConnectorError {
  const hint = hints.get(cause.code ?? "");
  return new ConnectorError("PORT_UNAVAILABLE", `cannot listen on ${host}:${port}: ${cause.message}`, {
    subject: `${host}:${port}`,
    cause,
    ...(hint !== undefined && { hint }),
  });
}
