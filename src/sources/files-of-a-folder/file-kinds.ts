import type { Attachment } from "../../domain/memory.ts";

const kinds: readonly [Attachment["kind"], readonly string[]][] = [
  ["audio", ["m4a", "mp3", "wav", "ogg", "oga", "opus", "flac", "3gp", "aac"]],
  ["image", ["png", "jpg", "jpeg", "webp", "heic", "gif", "avif", "bmp"]],
  ["video", ["mp4", "mov", "mkv", "webm", "avi"]],
  ["file", ["pdf", "docx", "xlsx", "pptx", "odt", "ods", "odp", "csv", "zip", "epub", "svg"]],
];
const kindByExtension = new Map(kinds.flatMap(([kind, names]) => names.map((name) => [name, kind] as const)));

/** The end of a file's name, behind its last dot, in small letters; empty where there is none. */
export function extensionOf(name: string): string {
  const at = name.lastIndexOf(".");
  return at <= 0 ? "" : name.slice(at + 1).toLowerCase();
}

/** What a file is by its name, if it is one that notes include; null for a note and for what nobody includes. */
export function attachmentKind(name: string): Attachment["kind"] | null {
  return kindByExtension.get(extensionOf(name)) ?? null;
}

const contentTypes = new Map([
  ["m4a", "audio/mp4"],
  ["mp3", "audio/mpeg"],
  ["oga", "audio/ogg"],
  ["opus", "audio/ogg"],
  ["3gp", "audio/3gpp"],
  ["jpg", "image/jpeg"],
]);

/** The media type that a recording or a picture has by its name. */
export function contentTypeOf(path: string): string {
  const extension = extensionOf(path);
  return contentTypes.get(extension) ?? `${attachmentKind(path) ?? "application"}/${extension}`;
}
