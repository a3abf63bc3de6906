/** Replaces undecodable bytes: a byte that never occurs in UTF-8. */
const undecodable = Buffer.from([0xff]);

/** Charsets by their names in the Encoding standard, and `utf-16`, whose byte order is detected from the content. */
type Charset = string;

/** The charset of a Content-Type, in lower case and unchecked; null when it names none. */
export function charsetOf(contentType: string | undefined): string | null {
  const [, quoted, plain] = /;\s*charset\s*=\s*(?:"([^"]*)"|([^\s;"]+))/iu.exec(contentType ?? "") ?? [];
  return (quoted ?? plain)?.trim().toLowerCase() || null;
}

/** Whether this charset can be decoded. */
export function isKnownCharset(label: string): boolean {
  return nameOf(label) !== null;
}

/** Whether the label means UTF-8 or its subset ASCII. */
export function isUtf8(label: string): boolean {
  return nameOf(label) === "utf-8";
}

/**
 * Converts a byte stream in any charset to UTF-8. Undecodable bytes become 0xFF, so that a strict decoder of a part of the result
 * refuses that part and no other; U+FFFD is never inserted. A byte order mark overrides the label and is removed. Without label and
 * mark the stream is UTF-8, or UTF-16 when every other one of the first bytes is zero.
 */
export class Utf8Stream {
  readonly #label: string | null;
  #begin: Buffer | null = Buffer.alloc(0);
  #convert: (bytes: Buffer, isLast: boolean) => Buffer = (bytes) => bytes;

  /** Throws a `RangeError` for a label that `isKnownCharset` does not know. */
  constructor(label: string | null) {
    if (label !== null && nameOf(label) === null) throw new RangeError(`unknown charset "${label}"`);
    this.#label = label;
  }

  push(chunk: Buffer): Buffer {
    if (this.#begin === null) return this.#convert(chunk, false);
    this.#begin = Buffer.concat([this.#begin, chunk]);
    return this.#begin.length < 4 ? Buffer.alloc(0) : this.#start(false);
  }

  /** The rest, after the last byte. */
  end(): Buffer {
    return this.#begin === null ? this.#convert(Buffer.alloc(0), true) : this.#start(true);
  }

  #start(isLast: boolean): Buffer {
    const begin = this.#begin ?? Buffer.alloc(0);
    this.#begin = null;
    const { charset, markLength } = recognise(begin, this.#label);
    this.#convert = converterOf(charset);
    return this.#convert(begin.subarray(markLength), isLast);
  }
}

function nameOf(label: string): Charset | null {
  // The standard decodes ASCII as windows-1252; bytes beyond ASCII are far more often UTF-8, and fail to decode if they are not.
  if (/^(?:us-)?ascii$/iu.test(label)) return "utf-8";
  if (/^utf-?16$/iu.test(label)) return "utf-16";
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

function recognise(begin: Buffer, label: string | null): { charset: Charset; markLength: number } {
  if (begin[0] === 0xef && begin[1] === 0xbb && begin[2] === 0xbf) return { charset: "utf-8", markLength: 3 };
  if (begin[0] === 0xff && begin[1] === 0xfe) return { charset: "utf-16le", markLength: 2 };
  if (begin[0] === 0xfe && begin[1] === 0xff) return { charset: "utf-16be", markLength: 2 };
  const named = label === null ? null : nameOf(label);
  return { charset: named === null || named === "utf-16" ? guess(begin, named) : named, markLength: 0 };
}

/** The first two characters of JSON are ASCII, so that in UTF-16 every other byte is zero. */
function guess(begin: Buffer, named: Charset | null): Charset {
  if (begin[0] === 0 && begin[1] !== 0) return "utf-16be";
  if (begin[0] !== 0 && begin[1] === 0) return "utf-16le";
  return named === null ? "utf-8" : "utf-16le";
}

function converterOf(charset: Charset): (bytes: Buffer, isLast: boolean) => Buffer {
  if (charset === "utf-8") return (bytes) => bytes;
  if (charset === "utf-16le" || charset === "utf-16be") return utf16Converter(charset === "utf-16be");
  const decoder = new TextDecoder(charset, { ignoreBOM: true });
  // Of these charsets only gb18030 can encode U+FFFD itself, and there it is refused as well.
  return (bytes, isLast) => encode(decoder.decode(bytes, { stream: !isLast }), /\ufffd/u);
}

/** Node's own decoder replaces unpaired surrogates by U+FFFD; here they are kept until they are marked. */
function utf16Converter(isBigEndian: boolean): (bytes: Buffer, isLast: boolean) => Buffer {
  let left: Buffer = Buffer.alloc(0);
  return (bytes, isLast) => {
    const all = Buffer.concat([left, bytes]);
    const whole = isLast ? all.length & ~1 : wholeCharacters(all, isBigEndian);
    left = all.subarray(whole);
    const units = all.subarray(0, whole);
    const text = encode((isBigEndian ? units.swap16() : units).toString("utf16le"), /\p{Surrogate}/u);
    return isLast && left.length > 0 ? Buffer.concat([text, undecodable]) : text;
  };
}

/** Length of the prefix that splits no surrogate pair. */
function wholeCharacters(bytes: Buffer, isBigEndian: boolean): number {
  const even = bytes.length & ~1;
  if (even === 0) return 0;
  const last = isBigEndian ? bytes.readUInt16BE(even - 2) : bytes.readUInt16LE(even - 2);
  return last >= 0xd800 && last <= 0xdbff ? even - 2 : even;
}

function encode(text: string, bad: RegExp): Buffer {
  if (!bad.test(text)) return Buffer.from(text);
  const pieces = text.split(bad);
  return Buffer.concat(
    pieces.flatMap((piece, index) =>
      index === 0 ? [Buffer.from(piece)] : [undecodable, Buffer.from(piece)],
    ),
  );
}
