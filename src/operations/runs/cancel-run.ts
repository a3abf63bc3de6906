import * as z from "zod";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { isHeldByOther } from "../../state/state-error.ts";
import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";
import { type ActiveRun, runElsewhere } from "./active-run.ts";
import { schedulerOf, schedulingErrors } from "./scheduler.ts";

export const cancelRun = operation({
  name: "run.cancel",
  tag: "Runs",
  summary: "Cancel the run that is queued or under way",
  details:
    "It stops at the next safe place; what was sent is taken up by the next run. Whichever process works on the run is reached through the " +
    "state: another service, or a command such as `sync`.",
  access: "admin",
  input: connectorInput,
  output: z.strictObject({ connectorId: z.string(), runId: z.string() }),
  errors: [...schedulingErrors, "RUN_NOT_ACTIVE", "RUN_NOT_ANSWERING"],
  changes: ["run.cancel"],
  run: async (context, { connectorId }) => {
    context.services.connector(connectorId);
    const elsewhere = await runElsewhere(context, connectorId);
    const runId =
      elsewhere === null
        ? await schedulerOf(context, connectorId).cancel(connectorId)
        : await cancelElsewhere(context, connectorId, elsewhere);
    await context.record({ action: "run.cancel", subject: connectorId, after: { runId } });
    return { connectorId, runId };
  },
});

async function cancelElsewhere(
  context: OperationContext,
  connectorId: string,
  { runId, process }: ActiveRun,
): Promise<string> {
  const isDone = await context.services.cancelElsewhere(connectorId, runId).catch((thrown: unknown) => {
    if (isHeldByOther(thrown)) return false;
    throw thrown;
  });
  if (isDone) return runId;
  const isActive = (await runElsewhere(context, connectorId))?.runId === runId;
  throw isActive
    ? new ConnectorError("RUN_NOT_ANSWERING", `run ${runId} is in ${process}, which does not answer`, {
        subject: runId,
      })
    : new ConnectorError("RUN_NOT_ACTIVE", `run ${runId} has ended meanwhile`, { subject: connectorId });
}
