import { setImmediate as nextTurn } from "node:timers/promises";
import type { AuditPageRequest, AuditStore, StoredAuditEntry } from "../../state/audit-store.ts";

/** Read in a few milliseconds. */
const step = 500;

/** The entries behind a place, read page by page; other work of this process has its turn between them. */
export async function* storedEntries(
  store: AuditStore,
  { after, order }: Pick<AuditPageRequest, "after" | "order">,
): AsyncGenerator<StoredAuditEntry> {
  for (let place = after; ; await nextTurn()) {
    const page = await store.page({ after: place, limit: step, order });
    yield* page;
    if (page.length < step) return;
    place = page.at(-1)?.place ?? null;
  }
}
