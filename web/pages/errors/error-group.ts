import type { listErrors } from "../../../src/operations/errors/list-errors.ts";
import type { Answer } from "../../api/endpoint.ts";

/** What failed with one code. */
export type ErrorGroup = Answer<typeof listErrors>["errors"][number];
