import * as z from "zod";
import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { inRequestWords } from "../kernel/errors/request-words.ts";
import { readInput } from "../operations/input-problems.ts";
import type { Access, Operation } from "../operations/operation.ts";
import type { OperationContext } from "../operations/operation-context.ts";
import { tokensField } from "./token-budget.ts";

/** Calls an operation with its input as JSON: in this process, or in a running service. Throws `ConnectorError`s. */
export type CallOperation = <Input extends z.ZodObject, Output extends z.ZodType>(
  operation: Operation<Input, Output>,
  input: z.input<Input>,
) => Promise<z.output<Output>>;

/** The context of one call of a tool. */
export interface ToolContext {
  call: CallOperation;
  /** The address of the web page, without a slash at its end; null where none is known. */
  pageUrl: string | null;
}

/** One tool of the MCP server. It chooses and shortens what operations say, and has no behaviour of its own. */
export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  name: string;
  title: string;
  /** For the model that chooses a tool. */
  description: string;
  access: Access;
  /** A change that cannot be taken back. */
  isDestructive?: true;
  input: Input;
  output: Output;
  run(context: ToolContext, input: z.output<Input>): Promise<z.input<Output>>;
}

interface ToolDefinition<Input extends z.ZodRawShape, Output extends z.ZodObject>
  extends Omit<Tool<z.ZodObject, Output>, "input" | "run"> {
  input: Input;
  run(
    context: ToolContext,
    input: z.output<z.ZodObject<Input>> & { maxTokens: number },
  ): Promise<z.input<Output>>;
}

/** A tool that takes a budget as well. Checks its types and erases them, so that tools of all types fit into one table. */
export function tool<Input extends z.ZodRawShape, Output extends z.ZodObject>(
  definition: ToolDefinition<Input, Output>,
): Tool {
  const input = z.strictObject({ ...definition.input, maxTokens: tokensField });
  return { ...definition, input } as unknown as Tool;
}

/** Operations in this process, each call in a context of its own. */
export function callHere(context: OperationContext): CallOperation {
  return async (operation, input) =>
    inRequestWords(await operation.run(context, validInput(operation.input, input))) as never;
}

/** The input by its schema. Throws `API_REQUEST_INVALID` with everything that is wrong with it. */
export function validInput<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const read = readInput(schema, given);
  if (read.success) return read.data;
  const reasons = read.problems.map(({ path, reason }) =>
    [path.join("."), reason].filter(Boolean).join(": "),
  );
  const hint = read.problems.find((problem) => problem.hint !== null)?.hint;
  const [subject] = read.problems[0]?.path ?? [];
  throw new ConnectorError("API_REQUEST_INVALID", reasons.join("; "), {
    ...(subject !== undefined && { subject: String(subject) }),
    hint: hint ?? "compare it with the input schema of the tool",
  });
}
