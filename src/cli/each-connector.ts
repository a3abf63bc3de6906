import * as z from "zod";
import { ConnectorError, toConnectorError } from "../kernel/errors/connector-error.ts";
import { printable } from "../kernel/util/terminal-text.ts";
import type { App, ConnectorConfig } from "../runtime/app.ts";
import type { CommandContext, CommandInput } from "./command.ts";
import { type ExitCode, exitCodeOfError, worstExitCode } from "./exit-codes.ts";
import { selectConnectors } from "./selection.ts";

/** The connectors that failed in a command over several, with the reasons. */
export const failuresSchema = z.array(
  z.strictObject({ connectorId: z.string(), code: z.string(), message: z.string(), hint: z.string() }),
);

export interface EachConnector<Result> {
  results: Result[];
  failures: z.output<typeof failuresSchema>;
  /** The worst of `failures` and the exit code of the results. */
  exitCodeWith(ofResults: ExitCode): ExitCode;
}

/**
 * Does the work for each selected connector, one after the other. With several, the failure of one is reported immediately and does
 * not stop the others; the failure of a single one is thrown. Connectors that a signal leaves no time for count as failed: a
 * stopped command has not done its work.
 */
export async function forEachConnector<Result>(
  app: App,
  input: CommandInput,
  { io }: CommandContext,
  work: (connector: ConnectorConfig) => Promise<Result>,
): Promise<EachConnector<Result>> {
  const connectors = selectConnectors(app, input);
  const results: Result[] = [];
  const failed: { connectorId: string; error: ConnectorError }[] = [];
  for (const connector of connectors) {
    try {
      if (io.signal.aborted) throw new ConnectorError("CANCELLED", "the work was cancelled before it began");
      results.push(await work(connector));
    } catch (thrown) {
      if (connectors.length === 1) throw thrown;
      const error = toConnectorError(thrown);
      failed.push({ connectorId: connector.id, error });
      io.writeErr(`${printable(`${connector.id}: ${error.format()}`)}\n`);
    }
  }
  const failures = failed.map(({ connectorId, error: { code, message, hint } }) => {
    return { connectorId, code, message, hint };
  });
  const codes = failed.map(({ error }) => exitCodeOfError(error));
  return { results, failures, exitCodeWith: (ofResults) => worstExitCode([ofResults, ...codes]) };
}
