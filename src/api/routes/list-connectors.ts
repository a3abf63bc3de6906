import * as z from "zod";
import { connectorJson, connectorSchema } from "../connector-json.ts";
import { route } from "../route.ts";

export const listConnectors = route({
  method: "GET",
  path: "/connectors",
  access: "viewer",
  tag: "Connectors",
  summary: "List all connectors, those of the configuration file first",
  status: 200,
  answer: z.strictObject({ connectors: z.array(connectorSchema) }),
  errors: [],
  handle: async (_, { app }) => ({ body: { connectors: app.connectors.list().map(connectorJson) } }),
});
