import type { LedgerScope } from "../../src/state/state-manager.ts";
import { type Erasure, markErased, removeErased } from "../../src/sync/maintenance/erase.ts";
import type { SyncParts } from "../../src/sync/sync-parts.ts";

/** Erases a memory at one connector, as the operation does where no other connector has its source. */
export async function eraseMemory(
  parts: SyncParts,
  scope: LedgerScope,
  memoryId: string,
  signal: AbortSignal,
): Promise<Erasure> {
  const key = { ...scope, memoryId };
  const marked = await markErased(parts, key);
  await parts.state.erasures.add(key, parts.clock.now());
  return removeErased(parts, marked, signal);
}
