import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import type { MediaKind } from "../../sources/memory-source.ts";

/** A format of media that is passed on to models. */
interface MediaFormat {
  kind: MediaKind;
  contentType: string;
  /** For people. */
  name: string;
  /** Endpoints detect a format by the file's name. */
  extension: string;
  /** Whether a file that begins with these bytes has this format. */
  fits: (head: Buffer) => boolean;
}

/** So many first bytes tell a format. */
export const headBytes = 64;

const startsWith =
  (...bytes: readonly (string | number)[]) =>
  (head: Buffer) =>
    head.indexOf(bytesOf(bytes)) === 0;

/** A container of the family of RIFF or IFF: its mark, four bytes of length, and what it contains. */
const chunkOf = (mark: string, ...forms: readonly string[]) => {
  return (head: Buffer) => textAt(head, 0) === mark && forms.includes(textAt(head, 8));
};

/** Sequences of pictures. */
const sequenceBrand = /^(?:msf1|hev[cxms]|avis)$/u;

/** An ISO base media file by one of its brands: the main one, or one that it is compatible with. */
const ofBrand = (brand: RegExp) => (head: Buffer) => {
  if (textAt(head, 4) !== "ftyp") return false;
  const end = Math.min(head.readUInt32BE(0), head.length - 3);
  const brands = [textAt(head, 8)];
  if (sequenceBrand.test(textAt(head, 8))) return false;
  for (let at = 16; at < end; at += 4) brands.push(textAt(head, at));
  return brands.some((each) => brand.test(each));
};

/** Only the main brand: what a recording is compatible with says nothing about it. */
const ofMainBrand = (brand: RegExp) => (head: Buffer) =>
  textAt(head, 4) === "ftyp" && brand.test(textAt(head, 8));

/**
 * What phones, browsers and recorders make. Each format holds one picture or one recording; formats with pages (PDF, TIFF, GIF, sequences
 * of pictures) are left out, so one medium is never more than one page. The first that fits counts.
 */
const formats: readonly MediaFormat[] = [
  // An MP3 without tags begins with the eleven set bits of a frame header, here of layer III.
  {
    ...audio("audio/mpeg", "MP3", "mp3"),
    fits: (head) => startsWith("ID3")(head) || isFrame(head, 0xe6, 0xe2),
  },
  { ...audio("audio/aac", "AAC", "aac"), fits: (head) => isFrame(head, 0xf6, 0xf0) },
  { ...audio("audio/ogg", "Ogg or Opus", "ogg"), fits: startsWith("OggS") },
  { ...audio("audio/webm", "WebM", "webm"), fits: startsWith(0x1a, 0x45, 0xdf, 0xa3) },
  { ...audio("audio/wav", "WAV", "wav"), fits: chunkOf("RIFF", "WAVE") },
  { ...audio("audio/flac", "FLAC", "flac"), fits: startsWith("fLaC") },
  { ...audio("audio/aiff", "AIFF", "aiff"), fits: chunkOf("FORM", "AIFF", "AIFC") },
  { ...audio("audio/x-caf", "CAF", "caf"), fits: startsWith("caff") },
  { ...audio("audio/amr", "AMR", "amr"), fits: startsWith("#!AMR") },
  { ...audio("audio/3gpp", "3GP", "3gp"), fits: ofMainBrand(/^3g[pr2g]/u) },
  // Recorders of Android write general brands, and QuickTime's is found in older recordings of iOS.
  {
    ...audio("audio/mp4", "M4A", "m4a"),
    fits: ofMainBrand(/^(?:M4[AB] |mp4\d|iso\w|qt {2}|dash|MSNV|F4A )/u),
  },
  { ...image("image/jpeg", "JPEG", "jpg"), fits: startsWith(0xff, 0xd8, 0xff) },
  { ...image("image/png", "PNG", "png"), fits: startsWith(0x89, "PNG\r\n\u001a\n") },
  { ...image("image/webp", "WebP", "webp"), fits: chunkOf("RIFF", "WEBP") },
  { ...image("image/avif", "AVIF", "avif"), fits: ofBrand(/^avif$/u) },
  { ...image("image/heic", "HEIC", "heic"), fits: ofBrand(/^(?:hei[cxms]|mif1)$/u) },
];

const byContentType = new Map(formats.map((format) => [format.contentType, format]));

/** The content type of a medium that begins with `head`; null when no format of this kind is known to begin so. */
export function contentTypeOfBytes(kind: MediaKind, head: Buffer): string | null {
  return formats.find((format) => format.kind === kind && format.fits(head))?.contentType ?? null;
}

/** `MP3, AAC, … or 3GP`: the formats that are read. */
export function readableFormats(kind: MediaKind): string {
  const names = formats.filter((format) => format.kind === kind).map(({ name }) => name);
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}

/** For people; the content type itself when it is not one of these. */
function formatName(contentType: string): string {
  return byContentType.get(contentType)?.name ?? contentType;
}

/** A name for a file of this content type: `audio.m4a`. */
export function fileNameOf(kind: MediaKind, contentType: string): string {
  return `${kind}.${byContentType.get(contentType)?.extension ?? contentType.split("/")[1]}`;
}

/** Words of endpoints about the form of a file, as against its content or length. */
const aboutFormat =
  /\b(?:file|audio|image|media|mime)[ _-]?(?:format|type)|\bformats?\b|\bcodec|decod|unsupported|not supported/iu;

/**
 * A refusal that is about the format of the medium, as `MEDIA_FORMAT_REFUSED`; any other error as it is. Nothing is converted here: that takes
 * a program of its own.
 */
export function namingFormat(error: unknown, contentType: string): unknown {
  if (!isConnectorError(error, "MODEL_REQUEST_REFUSED")) return error;
  if (error.status !== 415 && !aboutFormat.test(error.message)) return error;
  const message = `${formatName(contentType)} is not taken: ${error.message}`;
  const { subject = contentType, status } = error;
  return new ConnectorError("MEDIA_FORMAT_REFUSED", message, {
    subject,
    cause: error,
    ...(status && { status }),
  });
}

function audio(contentType: string, name: string, extension: string) {
  return { kind: "audio", contentType, name, extension } as const;
}

function image(contentType: string, name: string, extension: string) {
  return { kind: "image", contentType, name, extension } as const;
}

function bytesOf(parts: readonly (string | number)[]): Buffer {
  return Buffer.concat(
    parts.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.of(part))),
  );
}

function textAt(head: Buffer, at: number): string {
  return head.toString("latin1", at, at + 4);
}

/** Whether it begins with a frame of MPEG audio whose second byte has these bits. */
function isFrame(head: Buffer, mask: number, bits: number): boolean {
  const [first = 0, second = 0] = head;
  return first === 0xff && (second & mask) === bits;
}
