import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { SourceHash } from "../source-hash.ts";
import type { MemoryEnricher } from "./memory-enricher.ts";

/** What is found out about the memories of a connector before they are written down. */
export interface Enrichment {
  /** Tells whether a memory needs a look at all. */
  readonly sourceHash: SourceHash;
  /**
   * For one run, whose allowance of media begins with it. `report` hears what could not be found out. `force` tries again at once
   * what could not be read.
   */
  forRun(report: (error: ConnectorError) => void, options?: { force: boolean }): MemoryEnricher;
  /** Asks no service and writes nothing: what is known on this machine is enough for an estimate. */
  forPlan(): MemoryEnricher;
  /** Forgets what is remembered of this memory alone; resolves to how many answers of services that were. */
  forget(contextId: string, memoryId: string): Promise<number>;
}
