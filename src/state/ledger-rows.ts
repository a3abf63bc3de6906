import type { LedgerRow } from "../domain/ledger-row.ts";
import { keyCursor } from "./cursor.ts";
import type { PageRequest, RowPage, RowQuery, StateManager } from "./state-manager.ts";

const pageSize = 200;

/** All rows of a query, one page in memory at a time. */
export async function* allRows(
  state: Pick<StateManager, "pageRows">,
  query: RowQuery,
): AsyncGenerator<LedgerRow> {
  let after: string | null = null;
  do {
    const page = await state.pageRows(query, { limit: pageSize, after });
    yield* page.rows;
    after = page.next;
  } while (after !== null);
}

const chunk = 200;

/** A page examines no more rows than this; then it ends with a `next`. */
const maxScanned = 20_000;

/** A page of the matching rows, in the order by key. With a selective filter a page may hold fewer than `limit` rows, or none. */
export async function matchingRows(
  state: Pick<StateManager, "pageRows">,
  query: Omit<RowQuery, "order">,
  matches: (row: LedgerRow) => boolean,
  { limit, after }: PageRequest,
): Promise<RowPage> {
  const rows: LedgerRow[] = [];
  let at = after;
  for (let looked = 0; looked < maxScanned; looked += chunk) {
    const page = await state.pageRows(query, { limit: chunk, after: at });
    rows.push(...page.rows.filter(matches));
    const last = rows[limit - 1];
    if (last !== undefined && rows.length > limit)
      return { rows: rows.slice(0, limit), next: keyCursor.encode(last) };
    if (page.next === null) return { rows, next: null };
    at = page.next;
  }
  return { rows, next: at ?? null };
}
