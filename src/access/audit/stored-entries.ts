import { setImmediate as nextTurn } from "node:timers/promises";
import type { AuditPageRequest, AuditStore, StoredAuditEntry } from "../../state/audit-store.ts";

/** A page takes a few milliseconds to read. */
const step = 500;

/** The entries after a position, read page by page; between pages it yields to the event loop. */
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
