import * as z from "zod";
import type { App, ConnectorConfig } from "../../app.ts";
import { toConnectorError } from "../../errors/connector-error.ts";
import type { CommandContext, CommandSpec } from "../command.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { configlessOptions } from "../load-config.ts";
import { withApp } from "../with-app.ts";

interface CheckResult {
  connectorId: string;
  /** What was looked at, for people. */
  subject: string;
  ok: boolean;
  /** What was found, or what is wrong. */
  message: string;
  code: string | null;
  hint: string | null;
}

export const checkCommand: CommandSpec = {
  name: "check",
  summary: "Try both ends of each connector: reachable, key accepted, context there, workspace right",
  details: "Changes nothing anywhere. Prints one line for each thing that was tried, with what to fix.",
  options: [configOption(), connectorOption("only this connector"), ...configlessOptions()],
  examples: ["check", "check --connector-id personal-memories --json"],
  json: z.strictObject({
    ok: z.boolean(),
    checks: z.array(
      z.strictObject({
        connectorId: z.string(),
        subject: z.string(),
        ok: z.boolean(),
        message: z.string(),
        code: z.string().nullable(),
        hint: z.string().nullable(),
      }),
    ),
  }),
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const id = input.options.connectorId;
      const connectors = id === undefined ? app.connectors.configs() : [app.connector(String(id))];
      const checks: CheckResult[] = [];
      for (const connector of connectors) checks.push(...(await checkConnector(app, connector, context)));
      const ok = checks.every((check) => check.ok);
      return {
        json: { ok, checks },
        text: checks.map(line).join("\n"),
        exitCode: ok ? exitCodes.ok : exitCodes.runFailed,
      };
    }),
};

async function checkConnector(
  app: App,
  connector: ConnectorConfig,
  { io }: CommandContext,
): Promise<CheckResult[]> {
  const { source, sink } = await app.parts(connector);
  const results: CheckResult[] = [];
  for (const contextId of connector.contextIds) {
    results.push(
      await attempt(connector.id, `Memory API, context ${contextId}`, async () => {
        await source.check(contextId, io.signal);
        return `${connector.memoryApi.url} is reachable, the key is accepted, the context is there`;
      }),
    );
  }
  results.push(
    await attempt(connector.id, "LightRAG", async () => {
      const info = await sink.connect(io.signal);
      const workspace = info.workspace === "" ? "the default workspace" : `workspace "${info.workspace}"`;
      return `${info.location} answers, LightRAG ${info.version} (generation ${info.generation}), ${workspace}`;
    }),
  );
  return results;
}

async function attempt(
  connectorId: string,
  subject: string,
  task: () => Promise<string>,
): Promise<CheckResult> {
  try {
    return { connectorId, subject, ok: true, message: await task(), code: null, hint: null };
  } catch (thrown) {
    const { code, message, hint } = toConnectorError(thrown);
    return { connectorId, subject, ok: false, message, code, hint };
  }
}

function line(check: CheckResult): string {
  const head = `${check.ok ? "ok  " : "FAIL"}  ${check.connectorId}  ${check.subject}: `;
  return check.ok ? `${head}${check.message}` : `${head}${check.code}: ${check.message} · ${check.hint}`;
}
