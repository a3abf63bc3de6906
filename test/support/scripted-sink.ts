import type { ConnectorError } from "../../src/kernel/errors/connector-error.ts";
import { summarize } from "../../src/sinks/lightrag/document-text.ts";
import type {
  DocumentRecord,
  DocumentRef,
  LightRagClient,
  OutgoingDocument,
  SinkInfo,
  SubmitOutcome,
} from "../../src/sinks/lightrag/light-rag-client.ts";

/**
 * LightRAG behind its port, in memory and at once, for what neither a server nor the simulator does on demand: an answer that is
 * lost after the insert, a record that vanishes, a document that never moves. A test overrides the method that misbehaves.
 */
export class ScriptedSink implements LightRagClient {
  readonly documents = new Map<string, DocumentRecord & { text: string }>();
  readonly calls: string[] = [];
  /** What becomes of a document right after it was accepted. */
  onInsert: (record: DocumentRecord) => void = (record) =>
    Object.assign(record, { status: "processed", chunks: 1 });
  /** Thrown instead of the next answers to `submit`, in turn; `"after"` throws once the documents are in. */
  submitFaults: { error: ConnectorError; when: "before" | "after" }[] = [];
  removeFaults: ConnectorError[] = [];
  busy = false;
  private inserts = 0;

  async connect(): Promise<SinkInfo> {
    return {
      mode: "api",
      generation: "1.5",
      version: "1.5.7",
      location: "memory",
      workspace: "",
      maxBatch: 4,
    };
  }

  predictDocumentId({ fileSource }: OutgoingDocument): string {
    return `doc-${fileSource}`;
  }

  async submit(documents: readonly OutgoingDocument[]): Promise<SubmitOutcome[]> {
    this.calls.push(`submit ${documents.length}`);
    const fault = this.submitFaults.shift();
    if (fault?.when === "before") throw fault.error;
    const outcomes = documents.map((document) => this.insert(document));
    if (fault !== undefined) throw fault.error;
    return outcomes;
  }

  async find(refs: readonly DocumentRef[]): Promise<(DocumentRecord | undefined)[]> {
    return refs.map((ref) => {
      const found = this.documents.get(ref.documentId);
      return found && { ...found };
    });
  }

  async *list(): AsyncGenerator<DocumentRecord[]> {
    yield Array.from(this.documents.values(), ({ text: _, ...record }) => ({ ...record }));
  }

  async remove(documentIds: readonly string[]): Promise<readonly ConnectorError[]> {
    this.calls.push(`remove ${documentIds.length}`);
    const fault = this.removeFaults.shift();
    if (fault !== undefined) throw fault;
    for (const id of documentIds) this.documents.delete(id);
    return [];
  }

  async isBusy(): Promise<boolean> {
    return this.busy;
  }

  async resumeInterrupted(): Promise<void> {
    this.calls.push("resume");
  }

  async close(): Promise<void> {}

  /** The texts held, by file source. */
  texts(): Map<string, string> {
    return new Map(Array.from(this.documents.values(), (document) => [document.fileSource, document.text]));
  }

  private insert(document: OutgoingDocument): SubmitOutcome {
    const documentId = this.predictDocumentId(document);
    const held = this.documents.get(documentId);
    if (held !== undefined) return { kind: "exists", record: { ...held } };
    this.inserts += 1;
    const trackId = `track-${this.inserts}`;
    const record = {
      documentId,
      fileSource: document.fileSource,
      text: document.text,
      status: "pending" as const,
      trackId,
      chunks: 0,
      error: undefined,
      modelUnavailable: false,
      updatedAt: this.inserts,
      ...summarize(document.text),
    };
    this.documents.set(documentId, record);
    this.onInsert(record);
    return { kind: "accepted", documentId, trackId };
  }
}
