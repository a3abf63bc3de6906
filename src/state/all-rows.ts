import type { LedgerRow } from "../domain/ledger-row.ts";
import type { RowQuery, StateManager } from "./state-manager.ts";

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
