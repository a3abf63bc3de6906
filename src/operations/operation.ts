import type * as z from "zod";
import type { AuditAction } from "../access/audit/audit-action.ts";
import type { ErrorCode } from "../kernel/errors/codes.ts";
import { type Companion, codesOfRules, requireCompanions } from "./input-rules.ts";
import { requireOrderedRange } from "./moments.ts";
import type { OperationContext, Services } from "./operation-context.ts";

/** The role that an operation requires. `viewer` includes admins. */
export type Access = "open" | "viewer" | "admin";

/**
 * The description of a use case, without its implementation. Routes, commands, tools and their documentation are generated from it.
 */
export interface OperationDescription<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
> {
  /** `subject.verb`, such as `connector.reset`; unique. */
  name: string;
  tag: "Connectors" | "Runs" | "Dead letters" | "Knowledge" | "Service";
  /** One line, in the imperative. */
  summary: string;
  /** What a caller needs beyond the summary: effects, order, what is safe. */
  details?: string;
  access: Access;
  input: Input;
  /** Keys of the input that say nothing without another one. */
  companions?: readonly Companion[];
  /** The answer, the same for every binding. */
  output: Output;
  /** Its error codes, besides those of every binding (shape, access, limits). */
  errors: readonly ErrorCode[];
  /** Audit actions of its changes. Absent for a read-only operation. */
  changes?: readonly AuditAction[];
}

/** One use case, independent of its bindings: the API, the command line and tools. */
export interface Operation<
  Input extends z.ZodObject = z.ZodObject,
  Output extends z.ZodType = z.ZodType,
  Needs extends keyof Services = keyof Services,
> extends OperationDescription<Input, Output> {
  /** Throws `ConnectorError`s with the codes of `errors`. Each change is recorded before it resolves. */
  run(context: OperationContext<Needs>, input: z.output<Input>): Promise<z.input<Output>>;
}

/**
 * An operation as its definition says, with the rules of every input: a range of time (`since`, `until`) is in order, and nothing is given
 * in vain.
 */
export function operation<Input extends z.ZodObject, Output extends z.ZodType>(
  definition: Operation<Input, Output>,
): Operation<Input, Output> {
  return withRules(definition);
}

/** The services available when nothing is open: an operation on files opens what it needs. */
export type FileServices = "configuration";

/** The same for an operation on the files of a state. */
export function fileOperation<Input extends z.ZodObject, Output extends z.ZodType>(
  definition: Operation<Input, Output, FileServices>,
): Operation<Input, Output, FileServices> {
  return withRules(definition);
}

/** The services available without reading connectors, whose secrets may be sealed with a missing key. */
export type StateServices = "config" | "state" | "audit";

/** The same for an operation that works even if connectors cannot be read. */
export function stateOperation<Input extends z.ZodObject, Output extends z.ZodType>(
  definition: Operation<Input, Output, StateServices>,
): Operation<Input, Output, StateServices> {
  return withRules(definition);
}

function withRules<Input extends z.ZodObject, Output extends z.ZodType, Needs extends keyof Services>(
  definition: Operation<Input, Output, Needs>,
): Operation<Input, Output, Needs> {
  const { input, companions = [], errors } = definition;
  return {
    ...definition,
    errors: [...errors, ...codesOfRules(Object.keys(input.shape), companions)],
    run: async (context, given) => {
      requireOrderedRange(given);
      requireCompanions(given, companions);
      return definition.run(context, given);
    },
  };
}
