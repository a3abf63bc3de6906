import { sha256 } from "../fingerprint.ts";
import { foldWhiteSpace } from "../storable-text.ts";

/** Ids longer than this are shortened in the identity line, so that the revision stays within LightRAG's content summary. */
const shownIdLength = 80;

/**
 * Puts a line before a body that names its subject and a revision, which is a fingerprint of the body. LightRAG has no metadata
 * channel and shows only the first 250 characters and the length of a document (contract §4.2), so this line proves later that it
 * still holds the same text. It also distinguishes equal transcripts, which LightRAG 1.4 would take for one document. The hash is
 * SHA-256, hex, of the whole text.
 */
export function identified(subject: string, body: string): { text: string; contentHash: string } {
  const text = `${subject} (revision ${sha256(body).slice(0, 12)})\n${body}`;
  return { text, contentHash: sha256(text) };
}

/** An id as the identity line shows it. */
export function shownId(id: string): string {
  const folded = foldWhiteSpace(id);
  return folded.length <= shownIdLength ? folded : `${folded.slice(0, shownIdLength)}…`;
}
