import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { MemorySource } from "../../sources/memory-source.ts";
import type { Learnt } from "../../state/state-manager.ts";

/**
 * Where a source does not refuse a wrong key by itself, asks it whose memories it shows before a list is believed. Another account's list
 * would look as if everything were gone. Throws `SOURCE_ACCOUNT_CHANGED`, or what `check` throws.
 */
export async function proveAccount(
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
