import type { EntityAttributes, RelationAttributes } from "./records.ts";

/** Stores whose values are records of their own. Named as in their file names. */
export type KvStoreName =
  | "doc_status"
  | "full_docs"
  | "text_chunks"
  | "full_entities"
  | "full_relations"
  | "llm_response_cache";

export type ProvenanceStoreName = "entity_chunks" | "relation_chunks";

export type VectorStoreName = "chunks" | "entities" | "relationships";

/**
 * One change of a folder. Changes are idempotent: a journal may be replayed over files that already contain a part of it. Times are
 * whole seconds since the epoch.
 */
export type Change =
  | { kind: "record"; store: KvStoreName; key: string; value: object | null }
  /** `append` adds ids at the end, `chunkIds: null` deletes the list. */
  | {
      kind: "provenance";
      store: ProvenanceStoreName;
      key: string;
      chunkIds: readonly string[] | null;
      time: number;
    }
  | {
      kind: "provenance-append";
      store: ProvenanceStoreName;
      key: string;
      chunkIds: readonly string[];
      time: number;
    }
  /** Deleting an entity deletes its relations. */
  | { kind: "entity"; name: string; attributes: EntityAttributes | null }
  | { kind: "relation"; source: string; target: string; attributes: RelationAttributes | null }
  | { kind: "vector"; store: VectorStoreName; id: string; entry: VectorEntry | null }
  /** Not a change: states the content of the files, by name, on which the changes before and after it are based. */
  | { kind: "files"; images: Record<string, string> };

export interface VectorEntry {
  payload: object;
  /** As the model returned it; null keeps the id's current vector. */
  vector: Float32Array | null;
  createdAt: number;
}

/** One line of text; vectors become base64 of their bytes. */
export function encodeChanges(changes: readonly Change[]): string {
  return JSON.stringify(changes, (_key, value) =>
    value instanceof Float32Array ? { float32: Buffer.from(toBytes(value)).toString("base64") } : value,
  );
}

export function decodeChanges(line: string): Change[] {
  return JSON.parse(line, (key, value) =>
    key === "vector" && isEncoded(value) ? fromBase64(value.float32) : value,
  );
}

function isEncoded(value: unknown): value is { float32: string } {
  return (
    typeof value === "object" && value !== null && "float32" in value && typeof value.float32 === "string"
  );
}

function toBytes(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}

function fromBase64(text: string): Float32Array {
  const bytes = Buffer.from(text, "base64");
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
