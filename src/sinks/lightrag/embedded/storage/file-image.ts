import { crc32 } from "node:zlib";
import type { Pieces } from "../../../../kernel/util/pieces.ts";
import { pieceBytes } from "./read-whole.ts";

/** Fingerprint of a file's content at its last read or write: it reveals later writes of other programs. */
export interface FileImage {
  bytes: number;
  crc32: number;
}

/** A file that is not there. */
export const noFile: FileImage = { bytes: 0, crc32: 0 };

/** The image of a file after an append. */
export function extendImage(image: FileImage, added: Buffer): FileImage {
  return { bytes: image.bytes + added.length, crc32: crc32(added, image.crc32) };
}

export function* imageOf(content: Buffer | undefined): Pieces<FileImage> {
  let image = noFile;
  const bytes = content ?? Buffer.alloc(0);
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    image = extendImage(image, bytes.subarray(at, at + pieceBytes));
    yield;
  }
  return image;
}

/** The form written to the journal. */
export function imageText({ bytes, crc32 }: FileImage): string {
  return `${bytes}-${crc32.toString(16)}`;
}
