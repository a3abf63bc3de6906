import { open } from "node:fs/promises";

const ascii = (text: string) => Array.from(Buffer.from(text, "latin1"));

/**
 * How media begin. All of them are of one picture or one recording; formats with pages (PDF, TIFF, GIF) are
 * not among them, so one medium is never more than one page.
 */
const signatures: readonly { contentType: string; bytes: readonly number[] }[] = [
  { contentType: "audio/mpeg", bytes: ascii("ID3") },
  { contentType: "audio/ogg", bytes: ascii("OggS") },
  { contentType: "audio/webm", bytes: [0x1a, 0x45, 0xdf, 0xa3] },
  { contentType: "image/jpeg", bytes: [0xff, 0xd8, 0xff] },
  { contentType: "image/png", bytes: [0x89, ...ascii("PNG\r\n\u001a\n")] },
];
const longest = 8;

/**
 * The content type that a file's first bytes tell, or null. The header of a download is only a claim, and a model is paid for
 * looking at whatever it is sent.
 */
export async function contentTypeOf(path: string): Promise<string | null> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(longest), 0, longest, 0);
    return typeOf(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

function typeOf(head: Buffer): string | null {
  const found = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  return found?.contentType ?? (isMpegFrame(head) ? "audio/mpeg" : null);
}

/** An MP3 without tags begins with the eleven set bits of a frame, here of layer III. */
function isMpegFrame(head: Buffer): boolean {
  const [first = 0, second = 0] = head;
  return first === 0xff && (second & 0xe6) === 0xe2;
}
