/** The chunks of a response body as they arrive. */
type Body = AsyncIterable<Buffer>;

/** Passes chunks on, up to `maxBytes` in total; throws the error of `tooLarge` beyond that. */
export async function* limitBytes(
  body: Body,
  maxBytes: number,
  tooLarge: () => Error,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge();
    yield chunk;
  }
}

/** Reads a body to its end. */
export async function readWhole(body: Body): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const excerptBytes = 2048;
const excerptCharacters = 500;

/** The start of a body as one printable line, for people. The rest is not read; of a broken body, what arrived. */
export async function readExcerpt(body: Body): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= excerptBytes) break;
    }
  } catch {
    // The status is what matters; the body only explains it.
  }
  const text = Buffer.concat(chunks).toString("utf8");
  return text
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim()
    .slice(0, excerptCharacters);
}
