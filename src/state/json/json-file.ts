import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { noFacets } from "../../domain/facets.ts";
import { isErased } from "../../domain/ledger-changes.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { readableBytes } from "../../kernel/util/readable.ts";
import { erasureOf } from "../erasure-store.ts";
import { type SectionName, type StateSections, type StoredRecord, sectionNames } from "../state-content.ts";

/**
 * The file is one JSON object. Its first line carries the format's version and the SHA-256 of everything behind that line, so that
 * a truncated, partly overwritten or hand-edited file is detected. Each record is on a line of its own.
 */
const format = "memory-connector-state";
const headLine = /^\{"format":"memory-connector-state","version":(\d+),"sha256":"([0-9a-f]{64})",$/;

export type StateContent = { [Section in SectionName]: StateSections[Section][] };

/** The records as JSON texts, by section. */
export type StateTexts = Record<SectionName, Iterable<string>>;

/** Migrations from one version to the next. The first one produces version 2. */
export type Upgrade = (content: unknown) => unknown;
const upgrades: readonly Upgrade[] = [
  (content) => ({ ...(content as object), schedules: [] }),
  (content) => ({ ...(content as object), records: [] }),
  (content) => {
    const { ledger, ...others } = content as Pick<StateContent, "ledger">;
    return { ...others, ledger: ledger.map((row) => ({ ...row, sourceHash: null })), values: [] };
  },
  (content) => {
    const { ledger, ...others } = content as Pick<StateContent, "ledger">;
    return { ...others, ledger: ledger.map((row) => ({ ...row, missing: null })) };
  },
  (content) => {
    const { ledger, ...others } = content as Pick<StateContent, "ledger">;
    return { ...others, ledger: ledger.map((row) => ({ ...row, groupKey: null })) };
  },
  (content) => {
    const { ledger, records, ...others } = content as Pick<StateContent, "ledger" | "records">;
    return { ...others, ledger, records: [...records, ...ledger.filter(isErased).map(erasureOf)] };
  },
  (content) => {
    const { ledger, ...others } = content as Pick<StateContent, "ledger">;
    return { ...others, ledger: ledger.map((row) => ({ ...row, facets: noFacets, text: null })) };
  },
  (content) => {
    const { ledger, ...others } = content as Pick<StateContent, "ledger">;
    return { ...others, ledger: ledger.map((row) => ({ ...row, history: "" })) };
  },
  (content) => ({ ...(content as object), pushed: [] }),
];

/** A larger file cannot be read again: as text it is longer than Node's longest string. Bytes. */
const maxStateBytes = 500_000_000;

/** Adds up what a file would hold. */
export class StateSize {
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes = maxStateBytes) {
    this.#maxBytes = maxBytes;
  }

  /** Throws `STATE_TOO_LARGE`. */
  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes <= this.#maxBytes) return;
    const most = readableBytes(this.#maxBytes);
    throw new ConnectorError("STATE_TOO_LARGE", `the state would be larger than ${most}`);
  }
}

/**
 * Writes the file in small parts, so that a large state does not block the event loop. The checksum is known last and fills the
 * space reserved for it. The records must not change meanwhile. Throws `STATE_TOO_LARGE` in the middle of it: the file is then of no use.
 */
export async function writeState(path: string, texts: StateTexts, size = new StateSize()): Promise<void> {
  const handle = await open(path, "w", 0o600);
  try {
    const hash = createHash("sha256");
    await handle.write(headOf("0".repeat(64)));
    for (const part of bodyParts(texts)) {
      size.add(part.length);
      hash.update(part);
      await handle.writeFile(part);
    }
    await handle.write(headOf(hash.digest("hex")), 0);
  } finally {
    await handle.close();
  }
}

function headOf(checksum: string): string {
  return `{"format":"${format}","version":${upgrades.length + 1},"sha256":"${checksum}",\n`;
}

/** About as much as is joined, hashed and handed to the system within a millisecond. */
const partLength = 128 * 1024;

function* bodyParts(texts: StateTexts): Generator<Buffer> {
  let part = "";
  for (const piece of bodyPieces(texts)) {
    part += piece;
    if (part.length < partLength) continue;
    yield Buffer.from(part);
    part = "";
  }
  yield Buffer.from(part);
}

function* bodyPieces(texts: StateTexts): Generator<string> {
  for (const [at, section] of sectionNames.entries()) {
    yield `${at === 0 ? "" : ",\n"}"${section}":[`;
    let separator = "\n";
    for (const text of texts[section]) {
      yield separator + text;
      separator = ",\n";
    }
    yield "\n]";
  }
  yield "\n}\n";
}

/**
 * Throws `STATE_CORRUPT` for a damaged file, `STATE_TOO_NEW` for a later version, and `STATE_FOREIGN` for a file that is not a
 * state of this backend.
 */
export function decodeState(file: Buffer, path: string, steps: readonly Upgrade[] = upgrades): StateContent {
  const headEnd = file.indexOf("\n");
  const head = headLine.exec(file.toString("utf8", 0, Math.max(0, Math.min(headEnd, 200))));
  if (head === null) throw notAState(file, path);
  const [, version = "", checksum] = head;
  const current = steps.length + 1;
  if (Number(version) > current) {
    const message = `${path} has format ${version}, this program knows formats up to ${current}`;
    throw new ConnectorError("STATE_TOO_NEW", message, { subject: path });
  }
  const body = file.subarray(headEnd + 1);
  if (sha256(body) !== checksum) throw corrupt(path, "its checksum does not match: cut short or changed");
  const content: unknown = JSON.parse(`{${body.toString("utf8")}`);
  return steps.slice(Number(version) - 1).reduce((old, upgrade) => upgrade(old), content) as StateContent;
}

/** The erasures in the file and the sources that they count by, even if it is damaged: each record is on a line of its own. */
export function erasuresInFile(file: Buffer): StoredRecord[] {
  const lines = file.toString("utf8").matchAll(/^(\{"collection":"(?:erasure|source)",.*\}),?$/gm);
  return Array.from(lines, ([, line = ""]) => line).flatMap((line) => {
    try {
      return [JSON.parse(line) as StoredRecord];
    } catch {
      return [];
    }
  });
}

/** A file with a damaged beginning must not be mistaken for a foreign one, so only certain cases are. */
function notAState(file: Buffer, path: string): ConnectorError {
  const isDatabase = file.toString("latin1", 0, 15) === "SQLite format 3";
  if (!isDatabase && !isOtherJson(file)) return corrupt(path, "it does not begin as a state does");
  return new ConnectorError("STATE_FOREIGN", `${path} is not a state of the json backend`, { subject: path });
}

function isOtherJson(file: Buffer): boolean {
  const text = file.toString("utf8");
  if (text.includes(format)) return false;
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}

function corrupt(path: string, reason: string): ConnectorError {
  return new ConnectorError("STATE_CORRUPT", `${path} is damaged: ${reason}`, { subject: path });
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
