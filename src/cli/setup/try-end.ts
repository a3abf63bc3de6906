import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionOverrides } from "../../config/connection-flags.ts";
import { givenOverrides, type Override } from "../../config/input/overrides.ts";
import { readConfig } from "../../config/read-config.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { printable } from "../../kernel/util/terminal-text.ts";
import { safeAddress } from "../../kernel/util/url.ts";
import { tryEnds } from "../../operations/connectors/check-connector.ts";
import { App } from "../../runtime/app.ts";
import type { CliIo } from "../cli-io.ts";
import { unanswered } from "../dialogue.ts";
import type { Ends, Tried } from "./interview.ts";
import { placeOf, settingsOf } from "./source-answers.ts";

/** Codes of a server that does not answer, which may pass. */
const awayCodes = ["SOURCE_UNREACHABLE", "SINK_UNREACHABLE"];

/** Tries one end as it would be configured, prints the result, and resolves to it. Nothing is written. */
export async function tryEnd(ends: Ends, which: "source" | "sink", io: CliIo): Promise<Tried> {
  if (which === "sink" && ends.lightrag === null) return "works";
  const { answers, kind } = ends.source;
  const url = which === "source" ? (answers.get("url") ?? null) : ends.lightrag;
  const place = url === null ? printable(answers.get("path") ?? kind.label) : safeAddress(url);
  io.writeErr(`  trying ${place} …\n`);
  const failures = await failuresOf(ends, which, io);
  if (failures.length === 0) return "works";
  // What is on this machine does not come back by itself.
  return url !== null && failures.every((code) => awayCodes.includes(code)) ? "away" : "wrong";
}

/** Prints what was found; resolves to the codes of what does not work. */
async function failuresOf(ends: Ends, which: "source" | "sink", io: CliIo): Promise<string[]> {
  try {
    const results = await check(ends, which, io);
    if (io.signal.aborted) throw unanswered();
    for (const { ok, message, code, hint } of results)
      io.writeErr(`${printable(ok ? `  ok: ${message}` : `  ${code}: ${message} · ${hint}`)}\n`);
    return results.flatMap(({ ok, code }) => (ok ? [] : [code ?? ""]));
  } catch (thrown) {
    if (io.signal.aborted) throw unanswered();
    const failure = toConnectorError(thrown);
    io.writeErr(`${printable(`  ${failure.format()}`)}\n`);
    return [failure.code];
  }
}

async function check(ends: Ends, which: "source" | "sink", io: CliIo) {
  // The folder does not exist: a check needs no state, and none is created.
  const workingFolder = join(tmpdir(), `memory-connector-init-${process.pid}`);
  const read = readConfig({
    path: null,
    overrides: overridesOf(ends, io.cwd),
    environment: {},
    workingFolder,
  });
  const app = await App.open(read, { readOnly: true });
  try {
    const [connector] = app.config.connectors;
    return connector === undefined ? [] : await tryEnds(app, connector, io.signal, { ends: [which] });
  } finally {
    await app.close();
  }
}

/** A Memory API as the file will have it, in the short form; any other source in a block of its own. */
function overridesOf({ source, contextId, lightrag, lightragKey }: Ends, cwd: string): Override[] {
  const { kind, answers } = source;
  const sink = { lightragUrl: lightrag ?? undefined, lightragApiKey: lightragKey ?? undefined };
  if (kind.hasContexts === true)
    return connectionOverrides({
      ...sink,
      contextId,
      apiUrl: answers.get("url"),
      apiKey: answers.get("api_key"),
    });
  const settings = settingsOf(source, {
    textOf: (answer, { isPath }) => (isPath === true ? placeOf(answer, cwd) : answer),
    now: new Date().toISOString(),
  });
  const connector = { id: kind.connectorId, context_id: contextId, source: { type: kind.type, ...settings } };
  return [
    ...connectionOverrides(sink),
    ...givenOverrides([{ path: ["connectors"], value: [connector], label: "init" }]),
  ];
}
