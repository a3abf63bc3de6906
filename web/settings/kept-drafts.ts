import { effect, type Signal, signal } from "@preact/signals";
import { endOfSession, session } from "../api/session.ts";
import { changesBetween, type Tree } from "./tree.ts";

/** Settings as the service has them, and which version of them that is. */
export interface Base {
  /** Null for a new connector. */
  version: number | null;
  settings: Tree;
}

/** What was typed into a form. */
export interface Draft {
  /** What it was typed over. */
  base: Signal<Base>;
  settings: Signal<Tree>;
  /** By dotted path, what was typed and is no value. */
  refused: Signal<ReadonlyMap<string, string>>;
  /** Blocks of choices that another was taken for, by path and name. */
  left: Map<string, Tree>;
}

/**
 * Drafts that a person has left unsaved, by what they are of. In the memory of this page alone, and in no storage: a draft may have secrets. A
 * reload would lose them, so the browser asks before it.
 */
const kept = new Map<string, { draft: Draft; whose: string }>();

/** A session that has run out may be followed by that of somebody else. */
const whose = (): string => JSON.stringify([session.peek()?.role, session.peek()?.name]);

/** The draft that was left of `what`, and else a new one over `base`. */
export function draftOf(what: string, base: Base): { draft: Draft; isLeft: boolean } {
  const left = kept.get(what);
  if (left !== undefined && left.whose === whose()) return { draft: left.draft, isLeft: true };
  const draft = {
    base: signal(base),
    settings: signal(base.settings),
    refused: signal(new Map()),
    left: new Map(),
  };
  return { draft, isLeft: false };
}

export const isUntouched = ({ base, settings, refused }: Draft): boolean =>
  changesBetween(base.value.settings, settings.value).length === 0 && refused.value.size === 0;

/** Keeps a draft for whoever comes back to it, as long as there is something in it. */
export function keepDraft(what: string, draft: Draft): void {
  if (isUntouched(draft)) kept.delete(what);
  else kept.set(what, { draft, whose: whose() });
}

/** What is saved, or thrown away. */
export function forgetDraft(what: string): void {
  kept.delete(what);
}

globalThis.addEventListener?.("beforeunload", (event) => {
  if (kept.size > 0) event.preventDefault();
});

effect(() => {
  if (endOfSession.value?.byHand) kept.clear();
});
