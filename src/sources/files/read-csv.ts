import { encodingAdvice, type SettingAdvice } from "../../kernel/errors/setting-advice.ts";
import { decodeUtf8 } from "../../kernel/util/decode/utf8.ts";
import { type Line, readLines } from "./read-lines.ts";

export const delimiters = [",", ";", "\t", "|"] as const;

/** A row of a table, or the lines in its place. */
export interface Row {
  /** The line where it begins, from 1. */
  line: number;
  fields: readonly string[];
  /** What is wrong with it; `fields` are empty then. */
  problem: {
    reason: string;
    code: "MEMORY_MALFORMED" | "MEMORY_UNDECODABLE" | "MEMORY_TOO_LARGE";
    advice?: SettingAdvice;
  } | null;
  /** As it stands in the file. */
  text: string;
  /** Where the file ends within a text in quotes: `cut` for its last line, `doubtful` where a quote may be missing as well. */
  end: "whole" | "cut" | "doubtful";
}

/** A text in quotes with more lines has lost its closing quote. */
const maxLines = 10_000;
const unclosed = "a quote in it is not closed";
const undecodable = "it holds bytes that are no text in this encoding";

interface CsvOptions {
  /** Null: the most frequent one in the first line. */
  delimiter: string | null;
  maxItemBytes: number;
}

/**
 * Reads comma-separated values as RFC 4180 has them, with any delimiter. Quotes say where a row ends; where they cannot be right (something follows
 * a closing one, or there is no closing one), only the first line counts as broken, and reading goes on behind it: one forgotten quote does
 * not swallow the rest of a file.
 */
export async function* readCsv(
  text: AsyncIterable<Buffer>,
  { delimiter, maxItemBytes }: CsvOptions,
): AsyncGenerator<Row> {
  let divider = delimiter;
  let reader: RowReader | null = null;
  for await (const line of readLines(text, maxItemBytes)) {
    const named = line.number === 1 ? /^sep=(.)$/u.exec(line.bytes.toString())?.[1] : undefined;
    divider ??= named ?? likelyDelimiter(line.bytes.toString());
    reader ??= new RowReader(divider, maxItemBytes);
    if (named === undefined) yield* reader.take(line);
  }
  if (reader !== null) yield* reader.end();
}

/** Finds where rows end. */
class RowReader {
  readonly #delimiter: string;
  readonly #maxBytes: number;
  /** The lines of the row that has begun. */
  #lines: Line[] = [];
  #size = 0;
  #fields: string[] = [];
  /** The lines of a text in quotes whose end has not come yet. */
  #open: string[] | null = null;

  constructor(delimiter: string, maxBytes: number) {
    this.#delimiter = delimiter;
    this.#maxBytes = maxBytes;
  }

  *take(line: Line): Generator<Row> {
    this.#lines.push(line);
    this.#size += line.size + 1;
    const text = decodeUtf8(line.bytes);
    const [first] = this.#lines;
    if (line === first && line.flaw !== null) yield* this.#giveUp(line.flaw.problem, line.flaw.code);
    else if (line === first && text === null) yield* this.#giveUp(undecodable, "MEMORY_UNDECODABLE");
    else if (text === null || this.#size > this.#maxBytes + 1 || this.#lines.length > maxLines)
      yield* this.#giveUp(unclosed);
    else yield* this.#read(text);
  }

  *end(): Generator<Row> {
    while (this.#lines.length > 0)
      yield* this.#giveUp(unclosed, "MEMORY_MALFORMED", this.#lines.length > 1 ? "doubtful" : "cut");
  }

  *#read(text: string): Generator<Row> {
    const state = this.#divide(text);
    if (state === "open") return;
    if (state === "wrong")
      return yield* this.#giveUp("a text in quotes is followed by something else than a delimiter");
    const [first] = this.#lines;
    const fields = this.#fields;
    const whole = this.#lines.map(({ bytes }) => bytes.toString()).join("\n");
    this.#begin();
    if (first !== undefined && fields.some((field) => field.trim() !== ""))
      yield { line: first.number, fields, problem: null, text: whole, end: "whole" };
  }

  /** The first line is broken; what follows it is read by itself. */
  *#giveUp(
    reason: string,
    code: NonNullable<Row["problem"]>["code"] = "MEMORY_MALFORMED",
    end: Row["end"] = "whole",
  ): Generator<Row> {
    const [first, ...rest] = this.#lines;
    this.#begin();
    if (first === undefined) return;
    yield {
      line: first.number,
      fields: [],
      problem: { reason, code, ...(code === "MEMORY_UNDECODABLE" && { advice: encodingAdvice }) },
      text: first.bytes.toString(),
      end,
    };
    for (const line of rest) yield* this.take(line);
  }

  #begin(): void {
    this.#lines = [];
    this.#size = 0;
    this.#fields = [];
    this.#open = null;
  }

  /** Divides one more line of the row. */
  #divide(text: string): "whole" | "open" | "wrong" {
    for (let at: number | null = 0; at !== null && at <= text.length; at += 1) {
      const isQuoted: boolean = this.#open !== null || text[at] === '"';
      at = isQuoted ? this.#takeQuoted(text, at) : this.#takePlain(text, at);
      if (at === null) return "open";
      if (at < text.length && text[at] !== this.#delimiter) return "wrong";
      if (at >= text.length) return "whole";
    }
    return "whole";
  }

  /** Returns where the field ends. */
  #takePlain(text: string, from: number): number {
    const delimiter = text.indexOf(this.#delimiter, from);
    const end = delimiter < 0 ? text.length : delimiter;
    this.#fields.push(text.slice(from, end));
    return end;
  }

  /** The same for a text in quotes, which may have begun on an earlier line; null when it goes on on the next one. */
  #takeQuoted(text: string, at: number): number | null {
    const from = this.#open === null ? at + 1 : at;
    const open = this.#open ?? [];
    const end = closingQuote(text, from);
    open.push(text.slice(from, end ?? text.length).replaceAll('""', '"'));
    this.#open = end === null ? open : null;
    if (end === null) return null;
    this.#fields.push(open.join("\n"));
    return end + 1;
  }
}

function closingQuote(text: string, from: number): number | null {
  let at = text.indexOf('"', from);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at < 0 ? null : at;
}

function likelyDelimiter(header: string): string {
  const bare = header.replaceAll(/"(?:[^"]|"")*"/gu, "");
  const counts = delimiters.map((each) => bare.split(each).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ",";
}
