import * as z from "zod";

/** The parameter of every path below `/connectors/{id}`. */
export const connectorId = z.object({ id: z.string().min(1).max(100).describe("the connector") });
