import type { listErrors } from "../../../src/operations/errors/list-errors.ts";
import type { Answer } from "../../api/endpoint.ts";

/** What failed with one code. */
export type ErrorGroup = Answer<typeof listErrors>["errors"][number];

/** A connector whose last run failed as a whole. */
export type FailingConnector = Answer<typeof listErrors>["failing"][number];
