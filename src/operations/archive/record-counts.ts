import * as z from "zod";
import { countSchema } from "../runs/run-json.ts";
import { type RecordCounts, recordKinds } from "./archive-format.ts";

/** How many records of each kind an archive or a state holds, as `--json` prints it. */
export const recordCountsSchema = z.strictObject(
  Object.fromEntries(recordKinds.map((kind) => [kind, countSchema])) as Record<
    keyof RecordCounts,
    typeof countSchema
  >,
);
