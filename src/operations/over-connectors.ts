import type { ConnectorConfig } from "../config/config.ts";
import type { LedgerRow } from "../domain/ledger-row.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { connectorsCursor } from "../state/cursor.ts";
import type { ConnectorLock, PageRequest, RowPage, StateManager } from "../state/state-manager.ts";
import type { Services } from "./operation-context.ts";

/** The named connector, or all. Throws `CONNECTOR_UNKNOWN`. */
export function connectorsOf(
  services: Services,
  connectorId: string | undefined,
): readonly ConnectorConfig[] {
  return connectorId === undefined ? services.connectors.configs() : [services.connector(connectorId)];
}

/** Work with the locks of all these connectors held; with none where one is at work: `CONNECTOR_LOCKED`. */
export async function withConnectorLocks<Result>(
  state: Pick<StateManager, "lockConnector">,
  connectorIds: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const locks: ConnectorLock[] = [];
  try {
    for (const id of connectorIds) locks.push(await state.lockConnector(id));
    return await work();
  } finally {
    for (const lock of locks) await lock.release();
  }
}

/** A page over the rows of several connectors, one connector after the other. Throws `STATE_CURSOR_INVALID`. */
export async function pageOverConnectors(
  connectorIds: readonly string[],
  { limit, after }: PageRequest,
  pageOf: (connectorId: string, page: PageRequest) => Promise<RowPage>,
): Promise<RowPage> {
  const position = connectorsCursor.decode(after);
  const rows: LedgerRow[] = [];
  let inner = position?.after ?? null;
  const left = connectorIds.slice(position === undefined ? 0 : indexOf(position.connectorId, connectorIds));
  for (const [at, connectorId] of left.entries()) {
    const page = await pageOf(connectorId, { limit: limit - rows.length, after: inner });
    rows.push(...page.rows);
    if (page.next !== null) return { rows, next: connectorsCursor.encode({ connectorId, after: page.next }) };
    inner = null;
    const following = left[at + 1];
    if (rows.length >= limit && following !== undefined)
      return { rows, next: connectorsCursor.encode({ connectorId: following, after: null }) };
  }
  return { rows, next: null };
}

/** A page of connectors, all without a limit. Throws `STATE_CURSOR_INVALID`. */
export function pageOfConnectors<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  { limit = items.length, after }: { limit?: number | undefined; after?: string | undefined },
): { items: Item[]; next: string | null } {
  const position = connectorsCursor.decode(after ?? null);
  const from = position === undefined ? 0 : indexOf(position.connectorId, items.map(idOf));
  const following = items[from + limit];
  return {
    items: items.slice(from, from + limit),
    next:
      following === undefined ? null : connectorsCursor.encode({ connectorId: idOf(following), after: null }),
  };
}

function indexOf(connectorId: string, connectorIds: readonly string[]): number {
  const place = connectorIds.indexOf(connectorId);
  if (place >= 0) return place;
  const message = `the cursor stands at connector "${connectorId}", which is not there any more`;
  throw new ConnectorError("STATE_CURSOR_INVALID", message, { subject: connectorId });
}
