/**
 * What LightRAG writes into the records of documents that failed because of another one: vectors of several documents are flushed
 * together and a flush fails as a whole (`NanoVectorDBStorage[chunks] index flush failed: …`), and what was under way at that moment is
 * called off (`Cancelled by internal error: … `, `User cancelled during …`). None of these records says which document is to blame.
 */
const signs = /index flush failed|cancelled by internal error|user cancelled|pipeline halted/iu;

/** Whether the failure may be another document's: only a document that was alone in LightRAG can be charged with it. */
export function isSharedFailure(error: string): boolean {
  return signs.test(error);
}
