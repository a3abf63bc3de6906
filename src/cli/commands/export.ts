import { resolve } from "node:path";
import { Argument, Option } from "commander";
import { readableBytes } from "../../kernel/util/readable.ts";
import { printable } from "../../kernel/util/terminal-text.ts";
import { exportState } from "../../operations/backup/export-state.ts";
import type { CommandSpec } from "../command.ts";
import { countsText } from "../counts-text.ts";
import { exitCodes } from "../exit-codes.ts";
import { contextOf, inputOf } from "../operation-command.ts";
import { configOption, connectorOption, filePath } from "../options.ts";
import { withApp } from "../with-app.ts";

export const exportCommand: CommandSpec = {
  name: "export",
  summary: exportState.summary,
  details:
    "The archive holds the ledger, the history, schedules, connectors made through the API and the hashes of API keys, as they are at this " +
    "moment; a service or a run may go on meanwhile. Secrets of connectors are in it as the state holds them, so keep it as you keep the " +
    "configuration. The file appears when it is whole. What the archive is made of and how it is restored: docs/backup.md.",
  arguments: [new Argument("<file>", "the archive, for example `memories.tar.gz`").argParser(filePath)],
  options: [
    configOption(),
    connectorOption("only what belongs to this connector"),
    new Option("--with-documents", "read every memory from the source and add it with its document"),
    new Option("--with-graph", "add the entities and relations that LightRAG knows"),
    new Option("--without-keys", "leave hashes of API keys and secrets of connectors out"),
    new Option("--force", "overwrite the file"),
  ],
  examples: [
    "export memories.tar.gz",
    "export personal.tar.gz --connector-id personal --with-documents --with-graph",
  ],
  json: exportState.output,
  operations: [exportState],
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const { connectorId, withDocuments, withGraph, withoutKeys, force } = input.options;
      const asked = {
        file: resolve(context.io.cwd, input.arguments[0] ?? ""),
        force: force === true,
        connectorId: connectorId as string | undefined,
        withDocuments: withDocuments === true,
        withGraph: withGraph === true,
        withKeys: withoutKeys !== true,
      };
      const given = inputOf(exportState, asked, exportCommand.options);
      const json = await exportState.run(contextOf(app, context), given);
      const { file, bytes, records, incomplete } = json;
      for (const what of incomplete) context.io.writeErr(`warning: ${printable(what)}\n`);
      return {
        json,
        text: `Wrote ${file} (${readableBytes(bytes)}): ${countsText(records)}.`,
        exitCode: incomplete.length === 0 ? exitCodes.ok : exitCodes.partial,
      };
    }),
};
