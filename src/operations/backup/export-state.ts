import * as z from "zod";
import type { ConnectorConfig, LightRagConfig } from "../../config/config.ts";
import { safeUrl } from "../../kernel/util/url.ts";
import { recordCountsSchema } from "../archive/archive-format.ts";
import type { ArchiveRecord } from "../archive/write-archive.ts";
import { connectorPartsErrors, knowledgeErrors, sourceErrors } from "../error-groups.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import type { Services } from "../operation-context.ts";
import { connectorsOf } from "../over-connectors.ts";
import { countSchema } from "../runs/run-json.ts";
import { type DocumentSource, documentsOf, graphRecords, type SinkGraph } from "./export-records.ts";

export const exportState = operation({
  name: "state.export",
  tag: "Service",
  summary: "Write everything that is known into one archive",
  details:
    "The archive holds the ledger, the history, schedules and connectors made through the API, as they are at this moment; a service or a run may go " +
    "on meanwhile. What it is made of and how it is restored: docs/backup.md.",
  access: "admin",
  input: z.strictObject({
    file: z.string().min(1).describe("the archive; its absolute path"),
    force: z.boolean().default(false).describe("overwrite the file"),
    connectorId: connectorIdField.optional().describe("only what belongs to this connector"),
    withDocuments: z
      .boolean()
      .default(false)
      .describe("read every memory from the source and add it with its document"),
    withGraph: z.boolean().default(false).describe("add the entities and relations that LightRAG knows"),
    withKeys: z
      .boolean()
      .default(false)
      .describe("with the hashes of API keys and the secrets of connectors, as the state holds them"),
  }),
  output: z.strictObject({
    file: z.string(),
    bytes: countSchema,
    records: recordCountsSchema,
    incomplete: z.array(z.string()).describe("what may be missing of documents and graph, and why"),
  }),
  errors: [
    "CONNECTOR_UNKNOWN",
    "STATE_MISSING",
    "STATE_CORRUPT",
    "ARCHIVE_EXISTS",
    "ARCHIVE_NOT_WRITTEN",
    ...connectorPartsErrors,
    ...sourceErrors,
    ...knowledgeErrors,
  ],
  changes: ["state.export"],
  run: async ({ services, service, clock, signal, record }, { file, force, ...which }) => {
    const { connectorId = null, withDocuments, withGraph, withKeys } = which;
    const connectors = connectorsOf(services, which.connectorId);
    const { exportArchive } = await import("./export-archive.ts");
    const incomplete: string[] = [];
    const graphs = withGraph ? await graphsOf(services, connectors, incomplete, signal) : [];
    const { state } = services.config;
    const write = (documents: readonly DocumentSource[]) => {
      const more = extras(documents, graphs, incomplete, signal);
      return exportArchive({ state, file, force, withKeys, connectorId, extras: more, clock }, signal);
    };
    const { counts, bytes } = await withDocumentSources(services, withDocuments ? connectors : [], write);
    const after = { withDocuments, withGraph, withKeys, records: counts };
    // Users with access to the state files can copy them anyway: no audit entry, and no wait for the state's writer.
    if (service !== null) await record({ action: "state.export", subject: connectorId, after });
    return { file, bytes, records: counts, incomplete };
  },
});

async function* extras(
  documents: readonly DocumentSource[],
  graphs: readonly SinkGraph[],
  incomplete: string[],
  signal: AbortSignal,
): AsyncGenerator<ArchiveRecord> {
  const onTruncated = (contextId: string, reason: string) =>
    void incomplete.push(`the list of memories of ${contextId} may be cut off: ${reason}`);
  yield* documentsOf(documents, onTruncated, signal);
  yield* graphRecords(graphs);
}

/** The sources stay open until `work` has ended. */
function withDocumentSources<Result>(
  services: Services,
  connectors: readonly ConnectorConfig[],
  work: (sources: readonly DocumentSource[]) => Promise<Result>,
): Promise<Result> {
  const [first, ...rest] = connectors;
  if (first === undefined) return work([]);
  return services.withParts(first, ({ source, enrichment, transformer }) => {
    const { id: connectorId, contextIds, ingestion } = first;
    const { queryLimit } = ingestion;
    const opened = {
      connectorId,
      contextIds,
      queryLimit,
      source,
      enricher: enrichment.forPlan(),
      transformer,
    };
    return withDocumentSources(services, rest, (others) => work([opened, ...others]));
  });
}

/** Read before anything is written, so that an unreachable LightRAG costs nothing. */
async function graphsOf(
  services: Services,
  connectors: readonly ConnectorConfig[],
  incomplete: string[],
  signal: AbortSignal,
): Promise<SinkGraph[]> {
  const sinks = new Map(connectors.map(({ id, lightrag }) => [placeOf(lightrag), id]));
  const graphs: SinkGraph[] = [];
  for (const [sink, id] of sinks) {
    const graph = await services.withKnowledge(id, signal, (knowledge) => knowledge.graph(signal));
    if (!graph.complete) incomplete.push(`${sink} shows only a part of its graph`);
    graphs.push({ sink, graph });
  }
  return graphs;
}

function placeOf(lightrag: LightRagConfig): string {
  return lightrag.mode === "api" ? safeUrl(new URL(lightrag.api.url)) : lightrag.direct.workingDir;
}
