import * as z from "zod";
import { textOf } from "./texts.ts";

/** The query of every list that comes in pages. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(50).describe("how many at most"),
  after: textOf(2000).optional().describe("`next` of the page before"),
};

/** What a page has besides its items. */
export const pageEnd = {
  next: z.string().nullable().describe("hand it back as `after` to go on; null on the last page"),
};
