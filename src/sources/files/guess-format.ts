import { readJsonText } from "../../kernel/util/decode/json.ts";
import { firstListIn } from "./find-list.ts";
import { CutOff, type InputFile, utf8Of } from "./input-file.ts";
import { delimiters } from "./read-csv.ts";

/** So much of a file is looked at. */
const headBytes = 256 * 1024;

/** What a file is, as far as its beginning tells. */
export interface Guess {
  format: "jsonl" | "json" | "csv";
  /** Names that lead to the list of a JSON file. */
  items: readonly string[];
}

/** Null for a file that looks like nothing that can be read, or is empty. */
export async function guessFormat(
  file: InputFile,
  encoding: string | null,
  signal: AbortSignal,
): Promise<Guess | null> {
  return formatOf(await headOf(file, encoding, signal));
}

/** The beginning of a file in UTF-8. */
export async function headOf(file: InputFile, encoding: string | null, signal: AbortSignal): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of utf8Of(file, encoding, signal)) {
      parts.push(part);
      size += part.length;
      if (size >= headBytes) break;
    }
  } catch (error) {
    // Whoever reads the file is told of its end.
    if (!(error instanceof CutOff)) throw error;
  }
  return Buffer.concat(parts).subarray(0, headBytes);
}

function formatOf(head: Buffer): Guess | null {
  const text = head.toString().trimStart();
  if (text === "") return null;
  if (text.startsWith("[")) return { format: "json", items: [] };
  if (text.startsWith("{")) return jsonFormat(text);
  const [first = ""] = text.split(/\r?\n/u);
  return delimiters.some((each) => first.includes(each)) || /^sep=./u.test(first)
    ? { format: "csv", items: [] }
    : null;
}

/** Objects on lines of their own, or one with a list. */
function jsonFormat(text: string): Guess {
  const [first = "", ...others] = text.split(/\r?\n/u).filter((line) => line.trim() !== "");
  const isLine = readJsonText(first).ok;
  const list = firstListIn(text);
  const isLines = isLine && (others.length > 0 || list === null);
  return isLines || list === null ? { format: "jsonl", items: [] } : { format: "json", items: list };
}
