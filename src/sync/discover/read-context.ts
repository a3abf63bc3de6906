import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { SourceLore } from "../../sources/memory-source.ts";
import { type Learnt, type LedgerScope, nothingLearnt } from "../../state/state-manager.ts";
import { identityOf } from "../recover/lost-documents.ts";
import type { RunReport } from "../report/run-report.ts";
import { rowError } from "../retry-policy.ts";
import { SeenIds } from "../seen-ids.ts";
import { BrokenItems } from "./broken-items.ts";
import { chooseListing, type ListingChoice } from "./choose-range.ts";
import type { DiscoverParts } from "./discover-parts.ts";
import { ingestPage, type Look } from "./ingest-page.ts";
import { InterruptedListing } from "./interrupted-listing.ts";
import { listPages, requestOf, verifyAccount } from "./list-pages.ts";
import type { Reading } from "./reading.ts";

/** The most passes through the pages until two of them agree. */
const maxWalks = 4;

/**
 * Reads a context's list and ingests it. Items may slip through between pages, so a list with anything new is read until a pass
 * shows nothing that the previous one has missed.
 */
export async function readContext(
  parts: DiscoverParts,
  contextId: string,
  look: Look & { report: RunReport },
  signal: AbortSignal,
): Promise<Reading> {
  const scope = { connectorId: parts.settings.connectorId, contextId };
  const previous = await parts.state.getSyncState(scope);
  const learnt = previous?.learnt ?? nothingLearnt;
  const account = await verifyAccount(parts.source, contextId, learnt, signal);
  const what = await chooseListing(parts, parts.settings, scope, previous, parts.options);
  const startedAt = parts.clock.now();
  const newBefore = look.report.counts.new;
  const shown = new SeenIds();
  const broken = await BrokenItems.read(parts, scope);
  const interrupted = new InterruptedListing(parts, scope, previous);
  const first = { scope, what, lore: learnt.lore, shown, broken, startedAt, interrupted };
  const resume = interrupted.resumeFor(what);
  const resumed = resume === null ? null : await walkOnce(parts, { ...first, resume }, look, signal);
  let walk = await walkOnce(parts, first, look, signal);
  const remembered = await interrupted.end(what, learnt);
  // A later pass ingests only what was not shown yet; changes since the first pass are listed from its mark on.
  const { mark } = resumed ?? walk;
  const hasNews = look.report.counts.new > newBefore;
  for (let walks = 1; hasNews && walk.mayHaveDrifted && walk.truncated === null; walks += 1) {
    const uncounted = { ...look, report: parts.report.aside() };
    walk = await walkOnce(parts, { ...first, lore: walk.lore }, uncounted, signal);
    if (walk.missedBefore === 0) break;
    if (walks === maxWalks) walk.truncated = restless;
  }
  if (walk.truncated !== null) reportTruncation(look.report, contextId, walk.truncated);
  if (walk.pending > 0) parts.events.emit("run:notice", { message: pendingText(contextId, walk.pending) });
  const { seen, truncated, lore } = walk;
  return {
    scope,
    range: what.since === undefined ? what.range : "changes",
    startedAt,
    shown,
    broken,
    seen,
    truncated,
    mark: mark === undefined ? {} : { mark },
    learnt: { ...remembered, ...account, ...holder(parts), lore },
    previous,
  };
}

/** The next run checks again a LightRAG that lacks delivered documents. */
function holder({ info, report }: Pick<DiscoverParts, "info" | "report">): Pick<Learnt, "sink"> {
  return report.hasLostDocuments ? {} : { sink: identityOf(info) };
}

const restless =
  "it changed whenever it was walked through, so that something may have slipped between its pages; the next run tries again";

/** Lists once more, only for what is shown. Adds to the shown ids; resolves to why the list may not be complete. */
export async function listAgain(
  parts: Pick<DiscoverParts, "source" | "clock" | "settings">,
  { scope, range, shown, learnt }: Reading,
  signal: AbortSignal,
): Promise<string | null> {
  // Changes include deletions, which need no confirmation.
  if (range === "changes") return null;
  const request = requestOf(parts, scope, { range }, learnt.lore);
  let truncated: string | null = null;
  for await (const page of listPages(parts.source, request, signal)) {
    shown.add(page);
    truncated = page.truncated?.reason ?? null;
  }
  return truncated;
}

interface Walk {
  seen: number;
  /** Items that cannot be read yet. */
  pending: number;
  truncated: string | null;
  lore: SourceLore | null;
  mark: string | undefined;
  mayHaveDrifted: boolean;
  /** Memories older than the first pass that no earlier pass has shown. */
  missedBefore: number;
}

interface WalkRequest {
  scope: LedgerScope;
  what: ListingChoice;
  lore: SourceLore | null;
  shown: SeenIds;
  broken: BrokenItems;
  startedAt: number;
  interrupted: InterruptedListing;
  /** Where to resume; default: the beginning. */
  resume?: string;
}

async function walkOnce(
  parts: DiscoverParts,
  { scope, what, lore, shown, broken, startedAt, interrupted, resume }: WalkRequest,
  look: Look,
  signal: AbortSignal,
): Promise<Walk> {
  const request = requestOf(parts, scope, what, lore, resume);
  const { consistency } = parts.source.capabilities;
  const walk: Walk = {
    seen: 0,
    pending: 0,
    truncated: null,
    lore,
    mark: undefined,
    mayHaveDrifted: false,
    missedBefore: 0,
  };
  for await (const page of listPages(parts.source, request, signal)) {
    walk.seen += page.memories.length + page.malformed.length;
    const fresh = shown.without(page);
    walk.missedBefore += fresh.memories.filter(({ createdAt }) => Date.parse(createdAt) < startedAt).length;
    shown.add(page);
    broken.note(page);
    walk.pending += page.pending?.length ?? 0;
    // One without a time may have any time.
    for (const each of page.pending ?? []) parts.waiting.note(scope.contextId, each.at ?? 0);
    await ingestPage(parts, scope, fresh, look, signal);
    await interrupted.keep(what, page.resume);
    walk.truncated = page.truncated?.reason ?? null;
    walk.lore = page.lore ?? walk.lore;
    walk.mark = page.mark;
    walk.mayHaveDrifted = page.mayHaveDrifted ?? consistency === "drifting";
  }
  return walk;
}

function pendingText(contextId: string, count: number): string {
  return `${plural(count, "memory", "memories")} of context "${contextId}" cannot be read yet; the next runs look again`;
}

/** Reports why the list of a context is not complete. */
export function reportTruncation(report: RunReport, contextId: string, reason: string): void {
  const message = `the list of context "${contextId}" is not complete: ${reason}`;
  report.truncated = message;
  report.addError(rowError(new ConnectorError("SOURCE_TRUNCATED", message)));
}
