import { createHash } from "node:crypto";
import { appendFileSync, existsSync, readFileSync } from "node:fs";

/** A row of LightRAG's document records, as it goes over the wire. */
export interface SimulatedRow {
  id: string;
  content_summary: string;
  content_length: number;
  status: "pending" | "processing" | "processed" | "failed";
  created_at: string;
  updated_at: string;
  track_id: string;
  chunks_count: number | null;
  error_msg: string | null;
  metadata: Record<string, unknown>;
  file_path: string;
}

/** What is kept beside a row and never shown. */
interface Kept {
  row: SimulatedRow;
  contentHash: string;
  text: string;
}

type Change = { put: Kept } | { removed: string };

/** The documents of one simulated server. With a file it survives a kill: every change is appended to it at once. */
export class SimulatorStore {
  readonly #path: string | undefined;
  /** In the order of the last change. */
  readonly #kept = new Map<string, Kept>();
  readonly #byTrack = new Map<string, Set<string>>();
  readonly #byName = new Map<string, Set<string>>();
  readonly #byContent = new Map<string, string>();
  /** Notes of refused duplicates left out. */
  readonly #byStatus = new Map<string, Set<string>>();
  #sortedById: SimulatedRow[] | null = null;

  constructor(path?: string) {
    this.#path = path;
    if (path === undefined || !existsSync(path)) return;
    // A kill may have cut the last line short.
    for (const line of readFileSync(path, "utf8").split("\n").slice(0, -1)) this.#apply(JSON.parse(line));
  }

  get size(): number {
    return this.#kept.size;
  }

  get(id: string): SimulatedRow | undefined {
    return this.#kept.get(id)?.row;
  }

  textOf(id: string): string {
    return this.#kept.get(id)?.text ?? "";
  }

  /** Rows of a name, notes of refused duplicates among them. */
  named(fileSource: string): SimulatedRow[] {
    return [...(this.#byName.get(fileSource) ?? [])].flatMap((id) => this.get(id) ?? []);
  }

  tracked(trackId: string): SimulatedRow[] {
    return [...(this.#byTrack.get(trackId) ?? [])].flatMap((id) => this.get(id) ?? []);
  }

  withContent(contentHash: string): SimulatedRow | undefined {
    return this.get(this.#byContent.get(contentHash) ?? "");
  }

  withStatus(...statuses: SimulatedRow["status"][]): SimulatedRow[] {
    return statuses.flatMap((status) =>
      [...(this.#byStatus.get(status) ?? [])].flatMap((id) => this.get(id) ?? []),
    );
  }

  countByStatus(): Record<string, number> {
    const counts = Array.from(this.#byStatus, ([status, ids]): [string, number] => [status, ids.size]);
    return { ...Object.fromEntries(counts), all: this.size };
  }

  newestLast(): SimulatedRow[] {
    return Array.from(this.#kept.values(), ({ row }) => row);
  }

  sortedById(): SimulatedRow[] {
    this.#sortedById ??= this.newestLast().sort((a, b) => (a.id < b.id ? -1 : 1));
    return this.#sortedById;
  }

  insert(row: SimulatedRow, text: string, contentHash: string): void {
    this.#commit({ put: { row, contentHash, text } });
  }

  update(id: string, change: Partial<SimulatedRow>): void {
    const kept = this.#kept.get(id);
    if (kept === undefined) return;
    const row = { ...kept.row, ...change, updated_at: timestamp() };
    this.#commit({ put: { ...kept, row } });
  }

  remove(id: string): boolean {
    const known = this.#kept.has(id);
    if (known) this.#commit({ removed: id });
    return known;
  }

  #commit(change: Change): void {
    this.#apply(change);
    if (this.#path !== undefined) appendFileSync(this.#path, `${JSON.stringify(change)}\n`);
  }

  #apply(change: Change): void {
    const id = "put" in change ? change.put.row.id : change.removed;
    const before = this.#kept.get(id);
    this.#kept.delete(id);
    if ("put" in change) this.#kept.set(id, change.put);
    this.#sortedById = null;
    if (before !== undefined) this.#unindex(before);
    if ("put" in change) this.#index(change.put);
  }

  #unindex({ row, contentHash }: Kept): void {
    this.#byTrack.get(row.track_id)?.delete(row.id);
    this.#byName.get(row.file_path)?.delete(row.id);
    this.#byStatus.get(row.status)?.delete(row.id);
    if (this.#byContent.get(contentHash) === row.id) this.#byContent.delete(contentHash);
  }

  #index({ row, contentHash }: Kept): void {
    addTo(this.#byTrack, row.track_id, row.id);
    addTo(this.#byName, row.file_path, row.id);
    if (isNote(row)) return;
    addTo(this.#byStatus, row.status, row.id);
    this.#byContent.set(contentHash, row.id);
  }
}

export function isNote(row: SimulatedRow): boolean {
  return row.metadata.is_duplicate === true;
}

export function timestamp(): string {
  return new Date().toISOString().replace("Z", "000+00:00");
}

export function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

function addTo(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}
