/**
 * LightRAG's messages in the records of documents that failed because of another one: vectors of several documents are flushed
 * together and a flush fails as a whole (`NanoVectorDBStorage[chunks] index flush failed: …`), and concurrent work is cancelled
 * (`Cancelled by internal error: … `, `User cancelled during …`). None of these records says which document is the cause.
 */
const signs = /index flush failed|cancelled by internal error|user cancelled|pipeline halted/iu;

/** Whether another document may be the cause: a failure is attributed only to a document that was alone in LightRAG. */
export function isSharedFailure(error: string): boolean {
  return signs.test(error);
}
