import * as z from "zod";
import { connectorIdPattern } from "../config/schema/connectors.ts";

/** The name of a connector, as inputs take it. Also what no connector can be called is refused as such. */
export const connectorIdField = z
  .string()
  .regex(connectorIdPattern, { error: "is not the name of a connector" })
  .describe("the connector");

/** The input of an operation on one connector. */
export const connectorInput = z.strictObject({ connectorId: connectorIdField });

/** Versions of which one has to be in force for a change to be made; null for any. */
export const versionsField = z.array(z.int()).readonly().nullable().default(null);

/** A moment, RFC 3339; milliseconds since the epoch inside. */
export const instantField = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
