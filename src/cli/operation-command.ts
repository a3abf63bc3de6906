import type { Option } from "commander";
import type * as z from "zod";
import { cliOrigin } from "../access/audit/audit-origin.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { systemClock } from "../kernel/util/clock.ts";
import type { Operation } from "../operations/operation.ts";
import type { OperationContext, Services } from "../operations/operation-context.ts";
import type { App } from "../runtime/app.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "./command.ts";
import type { ExitCode } from "./exit-codes.ts";
import { withApp } from "./with-app.ts";

/** How a person types an operation and reads its answer. What it does, and the JSON that it answers, are the operation's. */
export interface OperationCommand<Input extends z.ZodObject, Output extends z.ZodType>
  extends Pick<CommandSpec, "name" | "arguments" | "needsConnector" | "examples"> {
  /** Where the operation's own are not the words of a command line. */
  summary?: string;
  details?: string;
  options: readonly Option[];
  /** The input as options and arguments give it, before its schema has seen it. */
  input: (typed: CommandInput) => z.input<Input>;
  /** Asked before the work unless --yes is among the options; `refused` is what the error says then. */
  confirm?: (input: z.output<Input>, services: Services) => Question | Promise<Question>;
  /** Shows a person what happens meanwhile. */
  watch?: (app: App, io: CommandContext["io"]) => void;
  text: (answer: z.output<Output>, input: z.output<Input>) => string;
  exitCode?: (answer: z.output<Output>) => ExitCode;
  /** An answer that says that what the person asked for could not be done, as an error. */
  refusal?: (answer: z.output<Output>) => ConnectorError | undefined;
}

export interface Question {
  question: string;
  refused: string;
  subject: string;
}

/** The command of an operation that works on the state of this machine. */
export function commandOf<Input extends z.ZodObject, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
  command: OperationCommand<Input, Output>,
): CommandSpec {
  const { name, options, needsConnector, examples, text, exitCode } = command;
  const { summary = operation.summary, details = operation.details } = command;
  const readOnly = operation.changes === undefined;
  return {
    ...{ name, summary, options, examples, json: operation.output },
    ...(details !== undefined && { details }),
    ...(command.arguments && { arguments: command.arguments }),
    ...(needsConnector && { needsConnector }),
    run: (typed, context) =>
      withApp(typed, context, { readOnly }, async (app): Promise<CommandResult> => {
        const input = inputOf(operation, command.input(typed));
        if (command.confirm !== undefined) await confirm(await command.confirm(input, app), typed, context);
        if (!context.asJson) command.watch?.(app, context.io);
        const answer = (await operation.run(contextOf(app, context), input)) as z.output<Output>;
        const refusal = command.refusal?.(answer);
        if (refusal !== undefined) throw refusal;
        const code = exitCode?.(answer);
        return { json: answer, text: text(answer, input), ...(code !== undefined && { exitCode: code }) };
      }),
  };
}

/** The input as the operation takes it. Throws `USAGE` with everything that is wrong in it. */
export function inputOf<Input extends z.ZodObject>(
  { input }: Pick<Operation<Input>, "input">,
  given: z.input<Input>,
): z.output<Input> {
  const parsed = input.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new ConnectorError("USAGE", problems.join("; "));
}

/** What an operation works with when a person runs it on the state of this machine. */
export function contextOf(app: App, { io }: Pick<CommandContext, "io">): OperationContext {
  return {
    services: app,
    service: null,
    clock: systemClock,
    signal: io.signal,
    record: (change) => app.audit.record(cliOrigin(), change),
  };
}

async function confirm(
  { question, refused, subject }: Question,
  { options }: CommandInput,
  { asJson, io }: CommandContext,
): Promise<void> {
  if (options.yes === true || (!asJson && (await io.confirm(question)))) return;
  throw new ConnectorError("NOT_CONFIRMED", refused, { subject });
}
