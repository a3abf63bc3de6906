import { Option } from "commander";
import * as z from "zod";
import { scheduleAnswer } from "../../api/schedule-answer.ts";
import { readableMoment } from "../../util/readable.ts";
import type { CommandSpec } from "../command.ts";
import { connectorOption } from "../common-options.ts";
import { askService, serviceAddress, serviceOptions } from "../service-client.ts";

const runAnswer = z.strictObject({ connectorId: z.string(), runId: z.string() });

interface ServiceCommand<Answer> {
  name: string;
  summary: string;
  details: string;
  options?: Option[];
  answer: z.ZodType<Answer>;
  query?: (options: Readonly<Record<string, unknown>>) => string;
  tell: (answer: Answer, connectorId: string) => string;
}

export const triggerCommand = serviceCommand({
  name: "trigger",
  summary: "Have a running service run a connector now",
  details: "Returns at once; `history` and `status` show what becomes of it.",
  options: [new Option("--force", "deliver memories again that LightRAG has already")],
  answer: runAnswer,
  query: ({ force }) => (force === true ? "?force=true" : ""),
  tell: ({ runId }) => `Run ${runId} has been handed out.`,
});

export const cancelCommand = serviceCommand({
  name: "cancel",
  summary: "Have a running service cancel a connector's run",
  details: "It stops at the next safe place; what was sent is taken up by the next run.",
  answer: runAnswer,
  tell: ({ runId }) => `Run ${runId} is being cancelled.`,
});

export const pauseCommand = serviceCommand({
  name: "pause",
  summary: "Have a running service pause a connector",
  details: "No due times until `resume`, over restarts too. A run that is under way goes on.",
  answer: scheduleAnswer,
  tell: (_, id) => `"${id}" is paused.`,
});

export const resumeCommand = serviceCommand({
  name: "resume",
  summary: "Have a running service resume a paused connector",
  details: "Due times that passed during the pause are not made up for.",
  answer: scheduleAnswer,
  tell: ({ nextRunAt }, id) =>
    `"${id}" is resumed; next run ${nextRunAt === null ? "when it is asked for" : readableMoment(Date.parse(nextRunAt))}.`,
});

/** A command that is one POST to a connector of a running service. */
function serviceCommand<Answer>(command: ServiceCommand<Answer>): CommandSpec {
  const { name, summary, details, options = [], answer, query = () => "", tell } = command;
  return {
    name,
    summary,
    details,
    options: [...serviceOptions(), connectorOption("the connector"), ...options],
    needsConnector: true,
    examples: [
      `${name} personal-memories`,
      `${name} --connector-id personal-memories`,
      `${name} personal-memories --url http://127.0.0.1:9622`,
    ],
    json: answer,
    run: async (input, context) => {
      const connectorId = String(input.options.connectorId);
      const path = `/connectors/${encodeURIComponent(connectorId)}/${name}${query(input.options)}`;
      const address = serviceAddress(input, context);
      const body = (await askService(address, "POST", path, context.io.signal)) as Answer;
      return { json: body, text: tell(body, connectorId) };
    },
  };
}
