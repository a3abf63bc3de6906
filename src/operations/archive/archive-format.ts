import * as z from "zod";
import { type SectionName, sectionNames } from "../../state/state-content.ts";
import { countSchema } from "../runs/run-json.ts";

/**
 * An archive is a gzipped tar: `archive.json` first, then the records as JSON lines, a few megabytes to a file, then `manifest.json`
 * with the checksum of each file. Everything is written and read once, from front to back (docs/backup.md).
 */
export const archiveFormat = "memory-connector-archive";

/** Raised when the format changes incompatibly. */
export const archiveVersion = 1;

export const headName = "archive.json";
export const manifestName = "manifest.json";

/** Sections of an archive besides those of a state: for people and other programs. Restoring ignores them. */
export const extraKinds = ["documents", "entities", "relations"] as const;
export type ExtraKind = (typeof extraKinds)[number];

export type RecordKind = SectionName | ExtraKind;

/** In the order of the archive. */
export const recordKinds: readonly RecordKind[] = [...sectionNames, ...extraKinds];

/** The file name of a part: `ledger-000001.jsonl`. Numbers of one kind are consecutive, from 1. */
export function partName(kind: RecordKind, number: number): string {
  return `${kind}-${String(number).padStart(6, "0")}.jsonl`;
}

export interface ArchiveLimits {
  /** Of one file in the archive. */
  partBytes: number;
  parts: number;
  /** Uncompressed, where it is more than `maxRatio` times the compressed size. */
  freeBytes: number;
  maxRatio: number;
  /** Nesting depth of one record. */
  depth: number;
}

export const archiveLimits: ArchiveLimits = {
  partBytes: 128 * 1024 * 1024,
  parts: 100_000,
  freeBytes: 1024 * 1024 * 1024,
  maxRatio: 200,
  depth: 64,
};

const count = z.int().nonnegative();

const version = z.int().positive();

/** `archive.json`. */
export const headSchema = z.strictObject({
  format: z.literal(archiveFormat),
  version: z.literal(archiveVersion),
  /** The version of memory-connector that wrote it. */
  writtenBy: z.string(),
  createdAt: z.iso.datetime(),
  /** The archive holds only what belongs to this connector; null for everything. */
  connectorId: z.string().nullable(),
});
export type ArchiveHead = z.infer<typeof headSchema>;

/** The fields of `archive.json` common to all versions. */
export const anyHeadSchema = z.looseObject({ format: z.literal(archiveFormat), version });

/** `manifest.json`. */
export const manifestSchema = z.strictObject({
  files: z.array(
    z.strictObject({
      name: z.string(),
      bytes: count,
      sha256: z.string().regex(/^[0-9a-f]{64}$/u),
      records: count,
    }),
  ),
});
export type ArchiveFile = z.infer<typeof manifestSchema>["files"][number];

/** How many records of each kind there are. */
export type RecordCounts = Record<RecordKind, number>;

export function noRecords(): RecordCounts {
  return Object.fromEntries(recordKinds.map((kind) => [kind, 0])) as RecordCounts;
}

/** How many records of each kind an archive or a state holds, as `--json` prints it. */
export const recordCountsSchema = z.strictObject(
  Object.fromEntries(recordKinds.map((kind) => [kind, countSchema])) as Record<
    keyof RecordCounts,
    typeof countSchema
  >,
);
