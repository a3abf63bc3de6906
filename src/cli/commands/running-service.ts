import { Option } from "commander";
import type * as z from "zod";
import { requestOf } from "../../api/endpoint.ts";
import type { Endpoint } from "../../api/route.ts";
import { runEndpoints } from "../../api/run-endpoints.ts";
import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { readableMoment } from "../../kernel/util/readable.ts";
import type { Operation } from "../../operations/operation.ts";
import { cancelRun } from "../../operations/runs/cancel-run.ts";
import { pauseConnector, resumeConnector } from "../../operations/runs/pause-connector.ts";
import { triggerRun } from "../../operations/runs/trigger-run.ts";
import type { CommandInput, CommandSpec } from "../command.ts";
import { connectorOption, note } from "../options.ts";
import { outdatedOption, runWishOptions } from "../selection.ts";
import { serviceAddress, serviceOptions } from "../service-address.ts";
import { askService } from "../service-client.ts";
import { cancelInOtherProcess, cancelledText } from "./cancel-in-other-process.ts";

interface ServiceCommand<Input extends z.ZodObject, Output extends z.ZodType> {
  name: string;
  summary: string;
  details: string;
  options?: Option[];
  /** The options as the operation's input. */
  input?: (options: CommandInput["options"]) => Readonly<Record<string, unknown>>;
  operation: Operation<Input, Output>;
  endpoint: Endpoint;
  text: (answer: z.output<Output>, connectorId: string) => string;
  /** What can be done where no service answers and none was named. */
  withoutService?: typeof cancelInOtherProcess;
}

export const triggerCommand = serviceCommand({
  name: "trigger",
  summary: "Have a running service run a connector now",
  details: "Returns at once; `history` and `status` show what becomes of it. Takes what `sync` takes.",
  options: [...runWishOptions(), outdatedOption()],
  input: ({ acceptResend, ...options }) => ({
    ...options,
    acceptResends: acceptResend,
  }),
  operation: triggerRun,
  endpoint: runEndpoints.trigger,
  text: ({ runId }) => `Run ${runId} has been handed out.`,
});

export const cancelCommand = serviceCommand({
  name: "cancel",
  summary: "Cancel a connector's run, of a running service or of another command",
  details:
    "It stops at the next safe place; what was sent is taken up by the next run. Without a service, a `sync` of another terminal is asked " +
    "through the state, if that has room for both (`state.backend: sqlite`).",
  operation: cancelRun,
  endpoint: runEndpoints.cancel,
  text: cancelledText,
  withoutService: cancelInOtherProcess,
});

export const pauseCommand = serviceCommand({
  name: "pause",
  summary: "Have a running service pause a connector",
  details:
    "No due times until `resume`, over restarts too. A run that is under way goes on. A --note says why, to whoever looks at `status`, at the " +
    "page or at the audit log.",
  options: [new Option("--note <text>", "why, in one line; gone when it is resumed").argParser(note)],
  input: (options) => ({ note: options.note }),
  operation: pauseConnector,
  endpoint: runEndpoints.pause,
  text: ({ pauseNote }, id) => `"${id}" is paused${pauseNote === null ? "" : `: ${pauseNote}`}.`,
});

export const resumeCommand = serviceCommand({
  name: "resume",
  summary: "Have a running service resume a paused connector",
  details: "Due times that passed during the pause are not made up for.",
  operation: resumeConnector,
  endpoint: runEndpoints.resume,
  text: ({ nextRunAt }, id) =>
    `"${id}" is resumed; next run ${nextRunAt === null ? "when it is asked for" : readableMoment(Date.parse(nextRunAt))}.`,
});

/** A command that calls an operation on one connector in a running service. */
function serviceCommand<Input extends z.ZodObject, Output extends z.ZodType>(
  command: ServiceCommand<Input, Output>,
): CommandSpec {
  const { name, summary, details, options = [], operation, endpoint, text } = command;
  const { input: inputOf = (given) => given, withoutService } = command;
  return {
    name,
    summary,
    details,
    options: [...serviceOptions(), connectorOption("the connector"), ...options],
    needsConnector: true,
    examples: [
      `${name} personal-memories`,
      `${name} --connector-id personal-memories`,
      `${name} personal-memories --url http://192.0.2.7:9622 --key KEY`,
    ],
    json: operation.output,
    operations: [operation],
    run: async (input, context) => {
      const connectorId = String(input.options.connectorId);
      const { path, body } = requestOf(operation, endpoint, { ...inputOf(input.options), connectorId });
      const address = await serviceAddress(input, context);
      const question = { method: endpoint.method, path, body, answer: operation.output };
      try {
        const answer = await askService(address, question, context.io.signal);
        return { json: answer, text: text(answer, connectorId) };
      } catch (thrown) {
        const isNoneThere =
          isConnectorError(thrown, "SERVICE_UNREACHABLE") && input.options.url === undefined;
        if (!isNoneThere || withoutService === undefined) throw thrown;
        return withoutService(input, context, thrown);
      }
    },
  };
}
