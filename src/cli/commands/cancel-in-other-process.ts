import type * as z from "zod";
import { ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import { type ActiveRun, runElsewhere } from "../../operations/runs/active-run.ts";
import { cancelRun } from "../../operations/runs/cancel-run.ts";
import { App } from "../../runtime/app.ts";
import type { CommandContext, CommandInput, CommandResult } from "../command.ts";
import { contextOf } from "../operation-command.ts";
import { withApp } from "../with-app.ts";

/**
 * Cancels a run that a command works on while no service runs. Nothing is opened for writing before there is such a run. Throws
 * `unreachable` where there is none, `RUN_NOT_ANSWERING`, and what the state store throws.
 */
export function cancelInOtherProcess(
  input: CommandInput,
  context: CommandContext,
  unreachable: ConnectorError,
): Promise<CommandResult> {
  const connectorId = String(input.options.connectorId);
  return withApp(input, context, { readOnly: true }, async (looking) => {
    looking.connector(connectorId);
    const run = await runElsewhere(contextOf(looking, context), connectorId);
    if (run === null) throw unreachable;
    const app = await App.open(looking.configuration, { readOnly: false }).catch((thrown: unknown) => {
      throw isConnectorError(thrown, "STATE_LOCKED") ? outOfReach(run) : thrown;
    });
    try {
      const answer = await cancelRun.run(contextOf(app, context), { connectorId });
      return { json: answer, text: cancelledText(answer) };
    } finally {
      await app.close();
    }
  });
}

function outOfReach({ runId, process }: ActiveRun): ConnectorError {
  const message = `run ${runId} is in ${process}, and a json state has no room for a second process that asks it`;
  return new ConnectorError("RUN_NOT_ANSWERING", message, { subject: runId });
}

export function cancelledText({ runId }: z.output<typeof cancelRun.output>): string {
  return `Run ${runId} is being cancelled.`;
}
