import * as z from "zod";
import { nameFor } from "../operations/input-problems.ts";
import { RequestInvalidError } from "./problem.ts";

/**
 * Unknown parameters are refused, not ignored: a misspelt filter would return everything. Throws `API_REQUEST_INVALID` with the
 * nearest name.
 */
export function refuseUnknownQuery(query: unknown, schema: z.ZodType | undefined): void {
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const problems = Object.keys(query as object)
    .filter((name) => !known.includes(name))
    .slice(0, 100)
    .map((name) => ({
      path: `querystring.${name.slice(0, 100)}`,
      reason: "is no parameter of this endpoint",
      hint: nameFor(name, known),
    }));
  if (problems.length > 0) throw new RequestInvalidError("the query of the request is not valid", problems);
}
