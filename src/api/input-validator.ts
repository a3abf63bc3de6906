import type { FastifySchemaCompiler } from "fastify";
import type * as z from "zod";
import { maxFindings } from "../config/report/finding.ts";
import { shortened } from "../kernel/util/text.ts";
import { type InputProblem, readInput } from "../operations/input-problems.ts";
import { RequestInvalidError } from "./problem.ts";

/** The names of thousands of unknown keys are no answer. */
const longestPath = 200;
const longestReason = 500;

/** What is wrong with one part of a request. Fastify says which part it is. */
export class InputError extends Error {
  validationContext?: string;
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[]) {
    super("the input is not valid");
    this.problems = problems;
  }
}

/** Reads each part of a request by its schema. */
export const inputValidator: FastifySchemaCompiler<z.ZodType> =
  ({ schema }) =>
  (given) => {
    const read = readInput(schema, given);
    return read.success ? { value: read.data } : { error: new InputError(read.problems) };
  };

/** As `API_REQUEST_INVALID`, every problem under the path of its field. */
export function requestInvalid({
  validationContext: part = "request",
  problems,
}: InputError): RequestInvalidError {
  return new RequestInvalidError(
    `the ${partNames.get(part) ?? part} of the request is not valid`,
    problems.slice(0, maxFindings).map(({ path, reason, hint }) => ({
      path: shortened([part, ...path].join("."), longestPath),
      reason: shortened(reason, longestReason),
      hint: hint === null ? null : shortened(hint, longestReason),
    })),
  );
}

/** As callers name the part of a request that fastify has another word for. */
const partNames: ReadonlyMap<string, string> = new Map([
  ["params", "path"],
  ["querystring", "query"],
]);
