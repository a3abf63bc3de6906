/** One window of a text. */
export interface TokenWindow {
  tokens: number;
  content: string;
}

/** LightRAG's tokenizer, `o200k_base`, whatever the model (contract §11). */
export interface Tokenizer {
  count(text: string): number;
  /** Whether a text has at most `limit` tokens. Cheaper than counting. */
  fits(text: string, limit: number): boolean;
  /** The start of a text, at most `limit` tokens long. */
  truncate(text: string, limit: number): string;
  /**
   * Windows of `size` tokens, one every `step` tokens until the end. A character that is split by a window's edge becomes U+FFFD.
   */
  windows(text: string, size: number, step: number): TokenWindow[];
}

/** Loads the encoding on demand, because it takes tenths of a second and tens of megabytes. */
export async function loadTokenizer(): Promise<Tokenizer> {
  const { encode, isWithinTokenLimit } = await import("gpt-tokenizer/encoding/o200k_base");
  const { default: ranks } = await import("gpt-tokenizer/bpeRanks/o200k_base");
  // A special token's name inside a text is text.
  const asText = { disallowedSpecial: new Set<string>() };
  const encodeText = (text: string) =>
    endlessRun.test(text) ? piecesOf(text).flatMap((piece) => encode(piece, asText)) : encode(text, asText);
  const byteLength = (token: number) => tokenBytes(ranks[token]);
  return {
    count: (text) => encodeText(text).length,
    // A token is at least one byte.
    fits: (text, limit) => {
      if (Buffer.byteLength(text) <= limit) return true;
      if (endlessRun.test(text)) return encodeText(text).length <= limit;
      return isWithinTokenLimit(text, limit, asText) !== false;
    },
    truncate: (text, limit) => {
      if (Buffer.byteLength(text) <= limit) return text;
      const [head] = cutWindows(text, encodeText(text), byteLength, { size: limit, step: limit });
      return head?.content.replace(/\uFFFD$/u, "") ?? "";
    },
    windows: (text, size, step) => cutWindows(text, encodeText(text), byteLength, { size, step }),
  };
}

/**
 * Letters, marks or spaces in a row are one word for the encoding, which takes the square of its length: 80,000 of them, a picture that somebody has
 * pasted as text, took 20 seconds. No language has such words; they are encoded in pieces.
 */
const longestRun = 2_000;
const runs = [String.raw`[\p{L}\p{M}]`, String.raw`[^\s\p{L}\p{N}]`, String.raw`\s`];
const endlessRun = new RegExp(runs.map((run) => `${run}{${longestRun}}`).join("|"), "u");
const endlessRuns = new RegExp(runs.map((run) => `${run}{${longestRun},}`).join("|"), "gu");
const piece = new RegExp(`.{1,${longestRun}}`, "gsu");

/** The text, cut before, in and behind its endless runs. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  let at = 0;
  for (const { 0: found, index } of text.matchAll(endlessRuns)) {
    if (index > at) pieces.push(text.slice(at, index));
    pieces.push(...(found.match(piece) ?? []));
    at = index + found.length;
  }
  return at < text.length ? [...pieces, text.slice(at)] : pieces;
}

function tokenBytes(rank: string | number[] | undefined): number {
  if (rank === undefined) throw new RangeError("the encoding has no such token");
  return typeof rank === "string" ? Buffer.byteLength(rank) : rank.length;
}

function cutWindows(
  text: string,
  tokens: readonly number[],
  byteLength: (token: number) => number,
  { size, step }: { size: number; step: number },
): TokenWindow[] {
  if (tokens.length <= Math.min(size, step))
    return [{ tokens: tokens.length, content: text }].slice(0, tokens.length);
  const bytes = Buffer.from(text);
  const ends = [0];
  for (const token of tokens) ends.push((ends.at(-1) ?? 0) + byteLength(token));
  const windows: TokenWindow[] = [];
  for (let start = 0; start < tokens.length; start += step) {
    const end = Math.min(start + size, tokens.length);
    windows.push({ tokens: end - start, content: bytes.toString("utf8", ends[start], ends[end]) });
  }
  return windows;
}
