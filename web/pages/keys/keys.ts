import type { createKey, listKeys } from "../../../src/operations/access/api-keys.ts";
import type { Answer } from "../../api/endpoint.ts";
import { session } from "../../api/session.ts";
import type { State } from "../../parts/state.tsx";
import { counted } from "../../words/numbers.ts";
import { listed } from "../../words/text.ts";
import { fromNow } from "../../words/time.ts";

export type Key = Answer<typeof listKeys>["keys"][number];
/** With the key itself. */
export type NewKey = Answer<typeof createKey>;

export const isInForce = ({ endsAt }: Pick<Key, "endsAt">, now: number): boolean =>
  endsAt === null || Date.parse(endsAt) > now;

/** The key of this browser's session. */
export const isOwn = ({ id }: Pick<Key, "id">): boolean => session.value?.keyId === id;

export function keyState(key: Pick<Key, "endsAt">, now: number): State {
  if (key.endsAt === null) return { tone: "ok", word: "In force", icon: "ok" };
  return isInForce(key, now)
    ? { tone: "wait", word: `Ends ${fromNow(key.endsAt, now)}`, icon: "wait" }
    : { tone: "rest", word: `Refused since ${fromNow(key.endsAt, now)}`, icon: "cancelled" };
}

/** What would miss a key: `last used 3 min ago, 2 browsers are signed in with it` */
export function serves({ lastUsedAt, sessions }: Pick<Key, "lastUsedAt" | "sessions">, now: number): string {
  const used = lastUsedAt === null ? "never used" : `last used ${fromNow(lastUsedAt, now)}`;
  return sessions === 0
    ? used
    : `${used}; ${counted(sessions, "browser is", "browsers are")} signed in with it`;
}

/** `configured`: `api.api_key` is in force, too. */
export function titleOf(keys: readonly Key[], configured: boolean, now: number): string {
  const working = keys.filter((key) => isInForce(key, now));
  const all = working.length + Number(configured);
  if (all === 0) return "No key is in force.";
  if (working.length === 0) return "One key is in force: that of the configuration.";
  const unused = working.filter(({ lastUsedAt }) => lastUsedAt === null).length;
  const ending = working.filter(({ endsAt }) => endsAt !== null).length;
  const notes = [
    ...(unused > 0 ? [unusedWords(unused, all)] : []),
    ...(ending > 0 ? [`${ending} will end`] : []),
  ];
  return `${counted(all, "key is", "keys are")} in force${notes.length === 0 ? "" : `; ${listed(notes)}`}.`;
}

function unusedWords(unused: number, all: number): string {
  if (unused === all) return all === 1 ? "it was never used" : "none was ever used";
  return `${unused} ${unused === 1 ? "was" : "were"} never used`;
}
