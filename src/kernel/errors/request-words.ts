import { errorCodes } from "./codes.ts";
import type { ErrorEntry } from "./error-entry.ts";

/**
 * Hints are written, and kept in the ledger and in records of runs, in the words of the command line. Who reads one in an answer of the API, on the page
 * or from a tool cannot type a command: there it names what can be asked for, and its fields.
 */

/** What a command is, for who asks for it in another way; the longest beginning counts. Any other is for a terminal alone, and stays. */
const things: ReadonlyMap<string, string> = new Map([
  ["sync", "a run"],
  ["resync", "a run"],
  ["trigger", "a run"],
  ["cancel", "a cancellation of the run"],
  ["plan", "the plan of a run"],
  ["backfill", "a backfill"],
  ["reconcile --repair", "a comparison with `repair`"],
  ["reconcile", "a comparison"],
  ["erase --undo", "take its erasure back"],
  ["erase", "an erasure"],
  ["dead-letters list", "the list of dead letters"],
  ["dead-letters show", "the dead letter"],
  ["dead-letters replay", "a replay of dead letters"],
  ["dead-letters drop", "to drop the dead letters"],
  ["memories", "the list of memories"],
  ["graph", "the graph"],
  ["list", "the list of connectors"],
  ["status", "the connector's status"],
  ["history", "the list of runs"],
  ["audit list", "the audit log"],
]);

/** Fields that are not called as their options are. */
const fields: ReadonlyMap<string, string> = new Map([
  ["--accept-resend", "acceptResends"],
  ["--memory", "memoryId"],
  ["--context", "contextId"],
  ["--code", "codes"],
]);

const command = /`memory-connector ([a-z][^`]*)`/u;

/** A hint in the words of a request. */
export function requestWords(hint: string): string {
  if (!/`memory-connector |(?<![\w=-])--[a-z]/u.test(hint)) return hint;
  let text = hint;
  for (const { remedy, requestRemedy } of Object.values<ErrorEntry>(errorCodes))
    if (requestRemedy !== undefined) text = text.replaceAll(remedy, requestRemedy);
  return text
    .split(new RegExp(`(${command.source})`, "u"))
    .flatMap((part, at, parts) => {
      if (at % 3 === 2) return [];
      return [at % 3 === 1 ? askedFor(parts[at + 1] ?? "", part) : inFields(part)];
    })
    .join("");
}

/** `sync --connector-id one --force` is `a run of connector one with force`; `typed` is what a terminal alone can do. */
function askedFor(words: string, typed: string): string {
  const begun = [...things.keys()].filter((name) => words === name || words.startsWith(`${name} `));
  const name = begun.toSorted((a, b) => b.length - a.length)[0];
  if (name === undefined) return typed;
  if (name === "erase --undo") return things.get(name) ?? typed;
  const [, ...options] = words.slice(name.length).split(/ (?=--)/u);
  const given = options.map((option) => option.split(/ (.*)/u, 2) as [string, string?]);
  const connector = given.find(([option]) => option === "--connector-id")?.[1];
  const rest = given
    .filter(([option]) => option !== "--connector-id")
    .map(([option, value]) => [fieldOf(option), value].filter(Boolean).join(" "));
  return [
    things.get(name),
    ...(connector === undefined ? [] : [`of connector ${connector}`]),
    ...(rest.length === 0 ? [] : [`with ${rest.join(" and ")}`]),
  ].join(" ");
}

const inFields = (text: string): string =>
  text.replaceAll(/(?<![\w=-])`?(--[a-z][a-z-]*)`?/gu, (_, option) => fieldOf(option));

function fieldOf(option: string): string {
  const camel = option.slice(2).replaceAll(/-([a-z])/gu, (_, letter: string) => letter.toUpperCase());
  return `\`${fields.get(option) ?? camel}\``;
}

/** The keys of answers whose texts say what to do. */
export const advice: ReadonlySet<string> = new Set(["hint", "fix", "remedy"]);

/** An answer with what it advises in the words of a request; the same object where that is nothing. */
export function inRequestWords<Json>(answer: Json): Json {
  if (typeof answer !== "object" || answer === null) return answer;
  const said = Object.entries(answer).flatMap(([key, value]) => {
    const words = typeof value === "string" && advice.has(key) ? requestWords(value) : inRequestWords(value);
    return words === value ? [] : [[key, words] as const];
  });
  if (said.length === 0) return answer;
  const changed = Object.fromEntries(said);
  return (Array.isArray(answer) ? Object.assign([...answer], changed) : { ...answer, ...changed }) as Json;
}
