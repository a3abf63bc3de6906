import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionOverrides } from "../../config/connection-flags.ts";
import { readConfig } from "../../config/read-config.ts";
import { toConnectorError } from "../../kernel/errors/connector-error.ts";
import { printable } from "../../kernel/util/terminal-text.ts";
import { safeAddress } from "../../kernel/util/url.ts";
import { tryEnds } from "../../operations/connectors/check-connector.ts";
import { App } from "../../runtime/app.ts";
import type { CliIo } from "../cli-io.ts";
import { unanswered } from "../dialogue.ts";
import type { Ends } from "./interview.ts";

/** Tries one end as it would be configured, prints the result, and resolves to whether it works. Nothing is written. */
export async function tryEnd(ends: Ends, which: "source" | "sink", io: CliIo): Promise<boolean> {
  const address = which === "source" ? ends.memoryApi : ends.lightrag;
  if (address === null) return true;
  io.writeErr(`  trying ${safeAddress(address)} …\n`);
  try {
    const results = await check(ends, which, io);
    if (io.signal.aborted) throw unanswered();
    for (const { ok, message, code, hint } of results)
      io.writeErr(`${printable(ok ? `  ok: ${message}` : `  ${code}: ${message} · ${hint}`)}\n`);
    return results.every(({ ok }) => ok);
  } catch (thrown) {
    if (io.signal.aborted) throw unanswered();
    io.writeErr(`${printable(`  ${toConnectorError(thrown).format()}`)}\n`);
    return false;
  }
}

async function check(
  { memoryApi, memoryKey, contextId, lightrag, lightragKey }: Ends,
  which: "source" | "sink",
  io: CliIo,
) {
  // The folder does not exist: a check needs no state, and none is created.
  const workingFolder = join(tmpdir(), `memory-connector-init-${process.pid}`);
  const flags = {
    apiUrl: memoryApi,
    apiKey: memoryKey ?? undefined,
    contextId,
    lightragUrl: lightrag ?? undefined,
    lightragApiKey: lightragKey ?? undefined,
  };
  const read = readConfig({
    path: null,
    overrides: connectionOverrides(flags),
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
