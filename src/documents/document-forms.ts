/**
 * The forms of documents, the newest first. A form says how the same memory is written down; another form changes every document, so that a new
 * one is added here and the older ones stay: what LightRAG holds is known again as long as its memory is the same.
 *
 * 1: A line that names memory, context and revision, and a header of labelled lines.
 *
 * 2: A headline with a fingerprint at its end, which names neither.
 */
export const documentForms = [2, 1] as const;
export type DocumentForm = (typeof documentForms)[number];
