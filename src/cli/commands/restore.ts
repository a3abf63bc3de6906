import { resolve } from "node:path";
import { Argument, Option } from "commander";
import * as z from "zod";
import type { RestoreReport } from "../../backup/restore-archive.ts";
import { instantSchema } from "../../json/run-json.ts";
import { systemClock } from "../../util/clock.ts";
import type { CommandResult, CommandSpec } from "../command.ts";
import { configOption } from "../common-options.ts";
import { loadConfig } from "../load-config.ts";
import { recordInState } from "../record-in-state.ts";
import { countsText, recordCountsSchema } from "./export.ts";

export const restoreCommand: CommandSpec = {
  name: "restore",
  summary: "Make the state what an archive holds",
  details:
    "The archive is read whole and every checksum is compared before anything changes; then the state changes in one step, so that a crash " +
    "leaves either the old or the new one. The backend need not be the one that the archive was made from. An archive of one connector " +
    "replaces what belongs to that connector and leaves the others alone. Nothing may have the state open for writing. LightRAG is not " +
    "touched: the next sync finds there what it holds, and sends what it does not.",
  arguments: [new Argument("<file>", "an archive that `export` wrote")],
  options: [
    configOption(),
    new Option("--replace", "replace what the state holds; it is kept beside it under another name"),
    new Option("--check", "read and prove the archive, change nothing"),
  ],
  examples: [
    "restore memories.tar.gz --check",
    "restore memories.tar.gz",
    "restore memories.tar.gz --replace",
  ],
  json: z.strictObject({
    file: z.string(),
    createdAt: instantSchema,
    writtenBy: z.string().describe("the version of memory-connector that made the archive"),
    connectorId: z.string().nullable().describe("the connector that the archive is of; null for everything"),
    records: recordCountsSchema,
    restored: z.boolean().describe("false with --check"),
    keptAs: z.string().nullable().describe("where the state is kept that was there before"),
  }),
  run: async (input, context) => {
    const { restoreArchive, checkArchive } = await import("../../backup/restore-archive.ts");
    const { signal, cwd } = context.io;
    const file = resolve(cwd, input.arguments[0] ?? "");
    if (input.options.check === true) {
      const { head, counts } = await checkArchive(file, signal);
      return answer(file, { head, counts, keptAs: null }, false);
    }
    const { state } = loadConfig(input, context).config;
    const overwrite = input.options.replace === true;
    const report = await restoreArchive({ file, overwrite, state, clock: systemClock }, signal);
    const { head, counts: records, keptAs } = report;
    const after = { file, createdAt: head.createdAt, records, keptAs };
    await recordInState(state, { action: "state.restore", subject: head.connectorId, after });
    return answer(file, report, true);
  },
};

function answer(file: string, { head, counts, keptAs }: RestoreReport, restored: boolean): CommandResult {
  const { createdAt, writtenBy, connectorId } = head;
  return {
    json: { file, createdAt, writtenBy, connectorId, records: counts, restored, keptAs },
    text: [
      `${restored ? "Restored" : "Whole"}: ${countsText(counts)}, as of ${createdAt}.`,
      ...(keptAs === null ? [] : [`What was there before is kept as ${keptAs}.`]),
    ].join("\n"),
  };
}
