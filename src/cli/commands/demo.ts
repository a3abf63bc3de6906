import { join, resolve } from "node:path";
import { Option } from "commander";
import * as z from "zod";
import { ConfigManager } from "../../config/config-manager.ts";
import { readConfig } from "../../config/read-config.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { path } from "../../kernel/settings/types.ts";
import { graphSummary } from "../../operations/knowledge/graph.ts";
import { type QueryResult, queryKnowledge } from "../../operations/knowledge/query-knowledge.ts";
import type { OperationContext } from "../../operations/operation-context.ts";
import { runJson, runSchema } from "../../operations/runs/run-json.ts";
import { App } from "../../runtime/app.ts";
import { ordinaryRun } from "../../sync/run-options.ts";
import type { CommandContext, CommandResult, CommandSpec } from "../command.ts";
import { buildPage } from "../demo/build-page.ts";
import { demoConfigFile, openDemoFolder } from "../demo/demo-folder.ts";
import { demoQuestions } from "../demo/memories.ts";
import { exitCodeOfRuns } from "../exit-codes.ts";
import { foundText, section } from "../findings-text.ts";
import { renderTable } from "../lay-out.ts";
import { contextOf } from "../operation-command.ts";
import { settingOption } from "../options.ts";
import { ProgressView } from "../progress-view.ts";
import { renderReport } from "../report-text.ts";
import { typedCommand } from "../typed-commands.ts";

const topCount = 10;

export const demoCommand: CommandSpec = {
  name: "demo",
  summary: "Show a graph of memories, with nothing but this program",
  details:
    "Syncs some sixty invented memories, which stand in its configuration, into a LightRAG folder in this process with the built-in models, " +
    "and asks the graph two questions. No key, no network, no Python. Leaves nothing behind unless --keep. With --open the page of a service " +
    "stands on the graph until Ctrl-C, on loopback and without keys.",
  options: [
    settingOption(
      "--keep <folder>",
      "keep configuration, state and LightRAG folder there",
      path(),
      "name a folder such as ./demo",
    ),
    new Option("--open", "leave the page running on the graph, and print its address; Ctrl-C ends it"),
  ],
  examples: ["demo", "demo --open", "demo --keep ./demo"],
  json: z.strictObject({
    run: runSchema,
    top: z.array(
      z.strictObject({ name: z.string(), type: z.string(), relations: z.int(), documents: z.int() }),
    ),
    questions: z.array(z.strictObject({ question: z.string(), memories: z.array(z.string()) })),
    kept: z.string().nullable(),
  }),
  run: async (input, context) => {
    const keep =
      input.options.keep === undefined ? null : resolve(context.io.cwd, String(input.options.keep));
    const { io, asJson } = context;
    const opens = input.options.open === true;
    if (opens) await buildPage(io.signal, (line) => io.writeErr(`${line}\n`));
    const folder = await openDemoFolder(keep);
    try {
      const result = await showDemo(folder.path, keep, context).catch((thrown) => {
        throw io.signal.aborted ? cancelled(keep, thrown) : thrown;
      });
      if (io.signal.aborted) throw cancelled(keep, io.signal.reason);
      if (!opens) return result;
      if (!asJson) io.writeOut(`${result.text}\n\n`);
      await openPage(folder.path, context);
      return { ...result, text: "" };
    } finally {
      await folder.dispose();
    }
  },
};

function cancelled(keep: string | null, cause: unknown): ConnectorError {
  const hint =
    keep === null ? "run it again; nothing of it was kept" : "run it again; it goes on where it stopped";
  return new ConnectorError("CANCELLED", "the demo was cancelled", { hint, cause });
}

/** Serves the graph until the signal. Its memories are invented and only this machine reaches it: no key is asked for. */
async function openPage(folder: string, { io }: CommandContext): Promise<void> {
  const label = "--open";
  const overrides = [
    { path: ["api", "enable_auth"], value: false, label },
    { path: ["logging", "console", "enabled"], value: false, label },
  ];
  const manager = ConfigManager.load({
    path: demoConfigFile,
    overrides,
    environment: {},
    workingFolder: folder,
  });
  const { serve } = await import("../process/serve.ts");
  await serve({
    manager,
    serves: { api: true, schedules: true },
    port: 0,
    console: io.logs,
    colours: io.colours,
    env: {},
    signal: io.signal,
    cutShort: io.cutShort,
    onHangUp: io.onHangUp,
    endWithin: io.endWithin,
    print: (line) => io.writeErr(`${line}: open the page in a browser; Ctrl-C ends it\n`),
  });
}

async function showDemo(
  folder: string,
  keep: string | null,
  context: CommandContext,
): Promise<CommandResult> {
  const config = readConfig({ path: demoConfigFile, environment: {}, workingFolder: folder });
  const app = await App.open(config, { readOnly: false });
  try {
    const run = await syncDemo(app, context);
    const { top, found } = await lookAround(contextOf(app, context));
    return {
      json: {
        run: runJson(run),
        top,
        questions: found.map(({ question, chunks }) => ({
          question,
          memories: chunks.map(({ memory }) => memory.fileSource),
        })),
        kept: keep,
      },
      text: [
        renderReport(runJson(run)),
        section("Top entities", topTable(top).split("\n")),
        ...found.map((each) => `${each.question}\n\n${foundText(each)}`),
        whatNext(keep, typedCommand(context.io.env)),
      ].join("\n\n"),
      exitCode: exitCodeOfRuns([run.outcome]),
    };
  } finally {
    await app.close();
  }
}

async function lookAround(context: OperationContext) {
  const { top } = await graphSummary.run(context, { top: topCount });
  const found: QueryResult[] = [];
  for (const question of demoQuestions)
    found.push(await queryKnowledge.run(context, { question, mode: "mix", topK: 3 }));
  return { top, found };
}

async function syncDemo(app: App, context: CommandContext) {
  const [connector] = app.config.connectors;
  if (connector === undefined) throw new Error("the demo has a connector");
  const view = new ProgressView(context.io, app.events, { silent: context.asJson });
  try {
    const options = ordinaryRun("cli", Date.now());
    return await app.run(connector, options, context.io.signal);
  } finally {
    view.close();
  }
}

function topTable(top: z.output<typeof graphSummary.output>["top"]): string {
  const rows = top.map(({ name, type, relations, documents }) => [
    name,
    type,
    String(relations),
    String(documents),
  ]);
  return renderTable(["ENTITY", "TYPE", "RELATIONS", "MEMORIES"], rows);
}

function whatNext(keep: string | null, command: string): string {
  const graph =
    keep === null
      ? ["run it again with --keep FOLDER to keep the graph and ask it questions of your own"]
      : [
          `${command} query "Who dives with Ines?" --config ${join(keep, demoConfigFile)}`,
          `${command} graph --entity Ines --config ${join(keep, demoConfigFile)}`,
          `${command} sync --config ${join(keep, demoConfigFile)}    after a change of the memories in that file`,
          `a LightRAG server opens ${join(keep, "lightrag")} as it is`,
        ];
  return section("What next", [
    ...graph,
    `${command} init     asks for your own two ends and writes a configuration`,
    `${command} check    tries both ends and says what to fix`,
    `${command} sync     carries them, and waits for the proof`,
  ]);
}
