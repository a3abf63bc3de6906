import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import type {
  ListRequest,
  ListScope,
  MemoryPage,
  MemorySource,
  SourceLore,
} from "../../sources/memory-source.ts";
import type { Learnt, LedgerScope } from "../../state/state-manager.ts";
import { scopeOf } from "../query-range.ts";
import type { SyncSettings } from "../sync-settings.ts";
import type { ListingChoice } from "./choose-range.ts";

export function requestOf(
  { settings, clock }: { settings: Pick<SyncSettings, "queryLimit">; clock: { now(): number } },
  { contextId }: Pick<LedgerScope, "contextId">,
  choice: ListingChoice,
  lore: SourceLore | null,
  resume: string | null = null,
): ListRequest {
  const scope = scopeOfChoice(choice, clock.now());
  return { contextId, scope, limit: settings.queryLimit, lore, ...(resume !== null && { resume }) };
}

function scopeOfChoice({ range, since, ids }: ListingChoice, now: number): ListScope {
  if (ids !== undefined) return { kind: "named", ids };
  return since === undefined ? scopeOf(range, now) : { kind: "changes", since };
}

/**
 * The pages of a listing, checked against the source's capabilities: if it never shows more than a certain number of items, a list
 * of that length is not complete.
 */
export async function* listPages(
  source: MemorySource,
  request: ListRequest,
  signal: AbortSignal,
): AsyncGenerator<MemoryPage> {
  const { complete } = source.capabilities;
  let shown = 0;
  for await (const page of source.list(request, signal)) {
    shown += page.memories.length + page.malformed.length + (page.pending?.length ?? 0);
    const isCut = complete !== "yes" && shown >= complete.cappedAt;
    yield isCut
      ? { ...page, truncated: page.truncated ?? { reason: cappedReason(complete.cappedAt) } }
      : page;
  }
}

function cappedReason(cappedAt: number): string {
  return `the source never shows more than ${plural(cappedAt, "memory", "memories")}`;
}

/**
 * If a source does not refuse wrong keys, verifies the account before a list is trusted. Another account's list would look as if
 * everything had been deleted. Throws `SOURCE_ACCOUNT_CHANGED`, or what `check` throws.
 */
export async function verifyAccount(
  source: Pick<MemorySource, "capabilities" | "check">,
  contextId: string,
  learnt: Learnt,
  signal: AbortSignal,
): Promise<Pick<Learnt, "account">> {
  if (source.capabilities.identity !== "account") return {};
  const { account, server } = await source.check(contextId, signal);
  const known = learnt.account ?? account;
  if (account !== null && account === known) return { account };
  const message = `${server} shows ${whose(account)}; so far it was ${whose(known)}`;
  throw new ConnectorError("SOURCE_ACCOUNT_CHANGED", message, { subject: contextId });
}

function whose(account: string | null): string {
  return account === null ? "nobody's memories" : `the memories of "${account}"`;
}
