import { type LedgerRow, type LedgerStatus, ledgerStatuses } from "../domain/ledger-row.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { cutText } from "../kernel/util/text.ts";
import type { StatusCounts } from "./state-manager.ts";

/** Rules that every backend applies in the same way. */

export function versionConflict({ memoryId }: Pick<LedgerRow, "memoryId">): ConnectorError {
  const message = `memory "${memoryId}" was changed by someone else since it was read`;
  return new ConnectorError("STATE_CONFLICT", message, { subject: memoryId });
}

/** Throws `STATE_ID_INVALID` for an id with a lone surrogate: encoded as UTF-8 it would become another id. */
export function requireWellFormed(...ids: string[]): void {
  const wrong = ids.find((id) => !id.isWellFormed());
  if (wrong === undefined) return;
  const subject = wrong.toWellFormed();
  throw new ConnectorError("STATE_ID_INVALID", `the id "${subject}" is not well-formed Unicode`, { subject });
}

export function noRows(): StatusCounts {
  return Object.fromEntries(
    ledgerStatuses.map((status): [LedgerStatus, number] => [status, 0]),
  ) as StatusCounts;
}

/** The position of rows without a time in the order `oldest`: after the last moment that a date can hold. */
export const ageWithoutTime = 8_640_000_000_000_001;

/** A copy independent of later changes. Memories are immutable, so that both share them. */
export function copyOfRow(row: LedgerRow): LedgerRow {
  const { error, location, missing } = row;
  return {
    ...row,
    error: error && { ...error },
    location: location && { ...location },
    missing: missing && { ...missing },
  };
}

/** Stored among the values from before a text is truncated until `expunge` has finished. */
export const textsAreTruncated = "\u0000texts are cut";

/** The stored part of a memory's text, with at most so many code points. */
export function keptText(text: string | null, most: number): string | null {
  return text === null || most === 0 ? null : cutText(text, most);
}

/** Throws `STATE_CONFLICT` unless `record` is based on the stored version (0: not stored). `name` is for people. */
export function requireVersion(name: string, record: Versioned, stored: Versioned | null): void {
  if (record.version === (stored?.version ?? 0)) return;
  throw new ConnectorError("STATE_CONFLICT", `${name} was changed by someone else`, { subject: record.id });
}

interface Versioned {
  id: string;
  version: number;
}
