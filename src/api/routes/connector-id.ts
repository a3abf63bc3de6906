import * as z from "zod";
import { connectorIdPattern } from "../../config/schema/connectors.ts";

export const connectorIdText = z
  .string()
  .regex(connectorIdPattern, { error: "is not the name of a connector" });

/** The parameter of every path below `/connectors/{id}`. */
export const connectorId = z.object({ id: connectorIdText.describe("the connector") });
