import { sum } from "../../../../kernel/util/collections.ts";
import { cleanText } from "../../clean-text.ts";
import type { Tokenizer } from "../text/tokenizer.ts";
import { joinList } from "./knowledge.ts";

/** The entity or relation that a description is about. */
export interface DescriptionSubject {
  kind: "Entity" | "Relation";
  name: string;
}

/** Summarises several texts in one. */
export interface Summariser {
  /** `descriptions` has at least two entries, with at most `summaryContextTokens` in total unless there are exactly two. */
  summarise(
    subject: DescriptionSubject,
    descriptions: readonly string[],
    signal: AbortSignal,
  ): Promise<string>;
}

/** LightRAG's defaults (contract §10.2). */
const fragmentsThatForceSummary = 8;
const maxJoinedTokens = 1200;
export const summaryContextTokens = 12_000;

export interface DescriptionMerger {
  tokenizer: Tokenizer;
  summariser: Summariser;
}

/**
 * Merges fragments into one description (contract §10.2): joined while they are few and short, otherwise summarised, in groups that
 * are summarised again when they are too many for one call.
 */
export async function mergeDescriptions(
  { tokenizer, summariser }: DescriptionMerger,
  subject: DescriptionSubject,
  fragments: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  let current = fragments;
  for (;;) {
    if (current.length < 2) return cleanText(current[0] ?? "");
    const sizes = new FragmentSizes(current, tokenizer);
    if (current.length <= 2 || sizes.totalFits(summaryContextTokens)) {
      const joinable = current.length < fragmentsThatForceSummary && sizes.totalFits(maxJoinedTokens - 1);
      return cleanText(joinable ? joinList(current) : await summariser.summarise(subject, current, signal));
    }
    current = await summariseGroups(groupFragments(current, sizes), subject, summariser, signal);
  }
}

async function summariseGroups(
  groups: readonly string[][],
  subject: DescriptionSubject,
  summariser: Summariser,
  signal: AbortSignal,
): Promise<string[]> {
  const summaries: string[] = [];
  for (const group of groups) {
    const [only = ""] = group;
    summaries.push(group.length === 1 ? only : await summariser.summarise(subject, group, signal));
  }
  return summaries;
}

/** Consecutive fragments that together fit the context; at least two in a group, so that each round shortens the list. */
function groupFragments(fragments: readonly string[], sizes: FragmentSizes): string[][] {
  const groups: string[][] = [];
  let group: string[] = [];
  let tokens = 0;
  for (const [index, fragment] of fragments.entries()) {
    const more = sizes.tokens(index);
    if (tokens + more <= summaryContextTokens || group.length === 0) {
      group.push(fragment);
      tokens += more;
    } else if (group.length === 1) {
      groups.push([...group, fragment]);
      group = [];
      tokens = 0;
    } else {
      groups.push(group);
      group = [fragment];
      tokens = more;
    }
  }
  return group.length === 0 ? groups : [...groups, group];
}

/** Token counts, computed only if the number of bytes does not decide: a token has at least one byte. */
class FragmentSizes {
  readonly #fragments: readonly string[];
  readonly #tokenizer: Tokenizer;
  #tokens: number[] | undefined;

  constructor(fragments: readonly string[], tokenizer: Tokenizer) {
    this.#fragments = fragments;
    this.#tokenizer = tokenizer;
  }

  totalFits(limit: number): boolean {
    if (sum(this.#fragments.map((fragment) => Buffer.byteLength(fragment))) <= limit) return true;
    return sum(this.#counts()) <= limit;
  }

  tokens(index: number): number {
    return this.#counts()[index] ?? 0;
  }

  #counts(): number[] {
    this.#tokens ??= this.#fragments.map((fragment) => this.#tokenizer.count(fragment));
    return this.#tokens;
  }
}
