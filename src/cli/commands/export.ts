import { resolve } from "node:path";
import { Argument, Option } from "commander";
import * as z from "zod";
import type { LightRagConfig } from "../../config/config.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { plural, readableBytes } from "../../kernel/util/readable.ts";
import { printable } from "../../kernel/util/terminal-text.ts";
import { safeUrl } from "../../kernel/util/url.ts";
import { type RecordCounts, recordKinds } from "../../operations/archive/archive-format.ts";
import type { ArchiveRecord } from "../../operations/archive/write-archive.ts";
import type { DocumentSource } from "../../operations/backup/documents.ts";
import type { SinkGraph } from "../../operations/backup/graphs.ts";
import { countSchema } from "../../operations/runs/run-json.ts";
import type { App, ConnectorConfig } from "../../runtime/app.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "../command.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { withApp } from "../with-app.ts";

export const recordCountsSchema = z.strictObject(
  Object.fromEntries(recordKinds.map((kind) => [kind, countSchema])) as Record<
    keyof RecordCounts,
    typeof countSchema
  >,
);

export const exportCommand: CommandSpec = {
  name: "export",
  summary: "Write everything that is known into one archive",
  details:
    "The archive holds the ledger, the history, schedules, connectors made through the API and the hashes of API keys, as they are at this " +
    "moment; a service or a run may go on meanwhile. Secrets of connectors are in it as the state holds them, so keep it as you keep the " +
    "configuration. The file appears when it is whole. What the archive is made of and how it is restored: docs/backup.md.",
  arguments: [new Argument("<file>", "the archive, for example `memories.tar.gz`")],
  options: [
    configOption(),
    connectorOption("only what belongs to this connector"),
    new Option("--with-documents", "read every memory from the source and add it with its document"),
    new Option("--with-graph", "add the entities and relations that LightRAG knows"),
    new Option("--force", "overwrite the file"),
  ],
  examples: [
    "export memories.tar.gz",
    "export personal.tar.gz --connector-id personal --with-documents --with-graph",
  ],
  json: z.strictObject({
    file: z.string(),
    bytes: countSchema,
    records: recordCountsSchema,
    incomplete: z.array(z.string()).describe("what may be missing of documents and graph, and why"),
  }),
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, (app) => exportTo(app, input, context)),
};

async function exportTo(app: App, input: CommandInput, { io }: CommandContext): Promise<CommandResult> {
  const { connectorId, withDocuments, withGraph, force } = input.options;
  const connectors =
    connectorId === undefined ? app.connectors.configs() : [app.connector(String(connectorId))];
  const incomplete: string[] = [];
  const graphs = withGraph === true ? await graphsOf(app, connectors, incomplete, io.signal) : [];
  const file = resolve(io.cwd, input.arguments[0] ?? "");
  const { exportArchive } = await import("../../operations/backup/export-archive.ts");
  const write = (documents: readonly DocumentSource[]) =>
    exportArchive(
      {
        state: app.config.state,
        file,
        force: force === true,
        connectorId: connectorId === undefined ? null : String(connectorId),
        extras: extras(documents, graphs, incomplete, io.signal),
        clock: systemClock,
      },
      io.signal,
    );
  const { counts, bytes } = await withDocumentSources(app, withDocuments === true ? connectors : [], write);
  for (const what of incomplete) io.writeErr(`warning: ${printable(what)}\n`);
  return {
    json: { file, bytes, records: counts, incomplete },
    text: `Wrote ${file} (${readableBytes(bytes)}): ${countsText(counts)}.`,
    exitCode: incomplete.length === 0 ? exitCodes.ok : exitCodes.partial,
  };
}

async function* extras(
  documents: readonly DocumentSource[],
  graphs: readonly SinkGraph[],
  incomplete: string[],
  signal: AbortSignal,
): AsyncGenerator<ArchiveRecord> {
  const { documentsOf } = await import("../../operations/backup/documents.ts");
  const { graphRecords } = await import("../../operations/backup/graphs.ts");
  const onTruncated = (contextId: string, reason: string) =>
    void incomplete.push(`the list of memories of ${contextId} may be cut off: ${reason}`);
  yield* documentsOf(documents, onTruncated, signal);
  yield* graphRecords(graphs);
}

/** The sources are open until `work` has ended. */
function withDocumentSources<Result>(
  app: App,
  connectors: readonly ConnectorConfig[],
  work: (sources: readonly DocumentSource[]) => Promise<Result>,
): Promise<Result> {
  const [first, ...rest] = connectors;
  if (first === undefined) return work([]);
  return app.withParts(first, ({ source, enrichment, transformer }) => {
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
    return withDocumentSources(app, rest, (others) => work([opened, ...others]));
  });
}

/** Before anything is written, so that a LightRAG that does not answer costs nothing. */
async function graphsOf(
  app: App,
  connectors: readonly ConnectorConfig[],
  incomplete: string[],
  signal: AbortSignal,
): Promise<SinkGraph[]> {
  const sinks = new Map(connectors.map(({ id, lightrag }) => [placeOf(lightrag), id]));
  const graphs: SinkGraph[] = [];
  for (const [sink, id] of sinks) {
    const graph = await app.withKnowledge(id, signal, (knowledge) => knowledge.graph(signal));
    if (!graph.complete) incomplete.push(`${sink} shows only a part of its graph`);
    graphs.push({ sink, graph });
  }
  return graphs;
}

function placeOf(lightrag: LightRagConfig): string {
  return lightrag.mode === "api" ? safeUrl(new URL(lightrag.api.url)) : lightrag.direct.workingDir;
}

const names: Readonly<Record<keyof RecordCounts, readonly [one: string, many?: string]>> = {
  ledger: ["memory of the ledger", "memories of the ledger"],
  syncStates: ["sync state"],
  runs: ["run"],
  schedules: ["schedule"],
  records: ["record of other kinds", "records of other kinds"],
  values: ["remembered answer"],
  documents: ["document"],
  entities: ["entity", "entities"],
  relations: ["relation"],
};

/** `12 memories of the ledger, 3 runs`; kinds of which there are none are left out. */
export function countsText(counts: RecordCounts): string {
  const parts = recordKinds
    .filter((kind) => counts[kind] > 0)
    .map((kind) => plural(counts[kind], ...names[kind]));
  return parts.length === 0 ? "nothing, the state is empty" : parts.join(", ");
}
