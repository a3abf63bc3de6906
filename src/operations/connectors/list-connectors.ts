import * as z from "zod";
import { operation } from "../operation.ts";
import { connectorJson, connectorSchema } from "./connector-json.ts";

export const listConnectors = operation({
  name: "connector.list",
  tag: "Connectors",
  summary: "List all connectors, those of the configuration file first",
  access: "viewer",
  input: z.strictObject({}),
  output: z.strictObject({ connectors: z.array(connectorSchema) }),
  errors: [],
  run: async ({ services }) => ({ connectors: services.connectors.list().map(connectorJson) }),
});
