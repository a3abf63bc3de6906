import type { ConnectorError } from "../kernel/errors/connector-error.ts";

/** Notices for people after a state was recovered. */

export function wentBackTo(copy: string, aside: string, damage: ConnectorError): string {
  return (
    `${damage.message}; went back to the copy ${copy}. The damaged file is kept as ${aside}. ` +
    "What was delivered since that copy is found in LightRAG and adopted, not sent again."
  );
}

export function beganAfresh(path: string, copy: string): string {
  return `there was no state at ${path}, so an empty one was made; a copy of an earlier state lies at ${copy}.`;
}
