import type { Option } from "commander";
import type * as z from "zod";
import { type AuditChange, AuditLog } from "../access/audit/audit-log.ts";
import { cliOrigin } from "../access/audit/audit-origin.ts";
import type { Config } from "../config/config.ts";
import { maskSecrets } from "../config/mask-secrets.ts";
import type { ReadConfig } from "../config/read-config.ts";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { systemClock } from "../kernel/util/clock.ts";
import { type InputProblem, readInput } from "../operations/input-problems.ts";
import type { FileServices, Operation, StateServices } from "../operations/operation.ts";
import type { OperationContext, Services } from "../operations/operation-context.ts";
import type { App } from "../runtime/app.ts";
import { openState, type StatePlace } from "../state/open-state.ts";
import type { StateManager } from "../state/state-manager.ts";
import type { CommandContext, CommandInput, CommandResult, CommandSpec } from "./command.ts";
import type { ExitCode } from "./exit-codes.ts";
import { withApp, withState } from "./with-app.ts";

/**
 * The command-line binding of an operation: how its input is typed and its answer printed. Behaviour and JSON are the operation's.
 */
export interface OperationCommand<
  Input extends z.ZodObject,
  Output extends z.ZodType,
  Needs extends keyof Services = keyof Services,
> extends Pick<CommandSpec, "name" | "arguments" | "needsConnector" | "examples"> {
  /** Replaces the operation's own texts where they do not fit a command line. */
  summary?: string;
  details?: string;
  options: readonly Option[];
  /** The input from options and arguments, before validation. */
  input: (typed: CommandInput) => z.input<Input>;
  /** Confirmation before the work unless --yes is given; `refused` is the error's message. */
  confirm?: (input: z.output<Input>, services: Pick<Services, Needs>) => Question | Promise<Question>;
  /** Shows progress to a person. */
  watch?: (app: App, io: CommandContext["io"]) => void;
  text: (answer: z.output<Output>, input: z.output<Input>) => string;
  /** Printed on stderr in addition to the text, so that a script that reads stdout does not see it. */
  notice?: (answer: z.output<Output>) => string;
  exitCode?: (answer: z.output<Output>) => ExitCode;
  /** The error for an answer that says that the request could not be fulfilled. */
  refusal?: (answer: z.output<Output>) => ConnectorError | undefined;
}

export interface Question {
  question: string;
  refused: string;
  subject: string;
}

/** The command of an operation that runs on this machine's state. */
export function commandOf<Input extends z.ZodObject, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
  command: OperationCommand<Input, Output>,
): CommandSpec {
  return bind(operation, command, (typed, context, access, answer) =>
    withApp(typed, context, access, (app) => {
      if (!context.asJson) command.watch?.(app, context.io);
      return answer(contextOf(app, context));
    }),
  );
}

/** The same for an operation that works even if connectors cannot be read. */
export function stateCommandOf<Input extends z.ZodObject, Output extends z.ZodType>(
  operation: Operation<Input, Output, StateServices>,
  command: Omit<OperationCommand<Input, Output, StateServices>, "watch">,
): CommandSpec {
  return bind(operation, command, (typed, context, access, answer) =>
    withState(typed, context, access, (state, config) => answer(stateContextOf(state, config, context))),
  );
}

/** Opens what an operation needs, and closes it afterwards. */
type Opening<Needs extends keyof Services> = (
  typed: CommandInput,
  context: CommandContext,
  access: { readOnly: boolean },
  answer: (opened: OperationContext<Needs>) => Promise<CommandResult>,
) => Promise<CommandResult>;

function bind<Input extends z.ZodObject, Output extends z.ZodType, Needs extends keyof Services>(
  operation: Operation<Input, Output, Needs>,
  command: OperationCommand<Input, Output, Needs>,
  open: Opening<Needs>,
): CommandSpec {
  const { name, options, needsConnector, examples } = command;
  const { summary = operation.summary, details = operation.details } = command;
  const readOnly = operation.changes === undefined;
  return {
    ...{ name, summary, options, examples, json: operation.output, operations: [operation] },
    ...(details !== undefined && { details }),
    ...(command.arguments && { arguments: command.arguments }),
    ...(needsConnector && { needsConnector }),
    run: (typed, context) =>
      open(typed, context, { readOnly }, async (opened) => {
        const input = inputOf(operation, command.input(typed), options);
        if (command.confirm !== undefined)
          await confirm(await command.confirm(input, opened.services), typed, context);
        const answer = (await operation.run(opened, input)) as z.output<Output>;
        const refusal = command.refusal?.(answer);
        if (refusal !== undefined) throw refusal;
        return resultOf(command, answer, input);
      }),
  };
}

function resultOf<Input extends z.ZodObject, Output extends z.ZodType>(
  { text, notice, exitCode }: Pick<OperationCommand<Input, Output>, "text" | "notice" | "exitCode">,
  answer: z.output<Output>,
  input: z.output<Input>,
): CommandResult {
  const code = exitCode?.(answer);
  return {
    json: answer,
    text: text(answer, input),
    ...(notice && { notice: notice(answer) }),
    ...(code !== undefined && { exitCode: code }),
  };
}

/** The validated input. Throws `USAGE` with all problems, under the names of the options. */
export function inputOf<Input extends z.ZodObject>(
  { input }: Pick<Operation<Input>, "input">,
  given: z.input<Input>,
  options: readonly Option[],
): z.output<Input> {
  const read = readInput(input, given);
  if (read.success) return read.data;
  const { problems } = read;
  const names = problems.map(({ path }) => optionFor(path, options));
  const reasons = problems.map(({ reason }, index) => [names[index], reason].filter(Boolean).join(": "));
  const hint = problems.find((problem) => problem.hint !== null)?.hint;
  throw new ConnectorError("USAGE", reasons.join("; "), {
    ...(names[0] && { subject: names[0] }),
    ...(hint && { hint }),
  });
}

/** `--code` for `codes`, `--context` for `contextId`: an option is called after the field, or after a part of its name. */
function optionFor([field]: InputProblem["path"], options: readonly Option[]): string | undefined {
  if (field === undefined) return undefined;
  const name = String(field).toLowerCase();
  const called = (option: Option) => option.attributeName().toLowerCase();
  const option =
    options.find((each) => called(each) === name) ?? options.find((each) => name.includes(called(each)));
  return option?.long ?? String(field);
}

/** The typed options that have a field of the same name in the operation's input. */
export function optionsOf<Input extends z.ZodObject>(
  { input }: Pick<Operation<Input>, "input">,
  { options }: Pick<CommandInput, "options">,
): Partial<z.input<Input>> {
  const known = Object.entries(options).filter(([name]) => Object.hasOwn(input.shape, name));
  return Object.fromEntries(known) as Partial<z.input<Input>>;
}

/** The context of an operation that a person runs on this machine's state. */
export function contextOf(app: App, { io }: Pick<CommandContext, "io">): OperationContext {
  return {
    services: app,
    service: null,
    clock: systemClock,
    signal: io.signal,
    record: (change) => app.audit.record(cliOrigin(), change),
  };
}

/** The same for a state store opened alone. */
export function stateContextOf(
  state: StateManager,
  config: Config,
  { io }: Pick<CommandContext, "io">,
): OperationContext<StateServices> {
  const audit = new AuditLog(state.audit, systemClock, maskSecrets);
  return {
    services: { state, config, audit },
    service: null,
    clock: systemClock,
    signal: io.signal,
    record: (change) => audit.record(cliOrigin(), change),
  };
}

/** The same when nothing is open. Changes are recorded in the state at `place`, which is opened for that. */
export function fileContextOf(
  configuration: ReadConfig,
  { io }: Pick<CommandContext, "io">,
  place: StatePlace = configuration.config.state,
): OperationContext<FileServices> {
  return {
    services: { configuration },
    service: null,
    clock: systemClock,
    signal: io.signal,
    record: (change) => recordInState(place, change),
  };
}

/** Writes a change to the audit log of a state store that this command does not have open. */
async function recordInState({ backend, path, password }: StatePlace, change: AuditChange): Promise<void> {
  const state = await openState({ backend, path, password });
  try {
    await new AuditLog(state.audit, systemClock, maskSecrets).record(cliOrigin(), change);
  } finally {
    await state.close();
  }
}

async function confirm(
  { question, refused, subject }: Question,
  { options }: CommandInput,
  { asJson, io }: CommandContext,
): Promise<void> {
  if (options.yes === true || (!asJson && (await io.confirm(question)))) return;
  throw new ConnectorError("NOT_CONFIRMED", refused, { subject });
}
