import { connectorInput } from "../fields.ts";
import { operation } from "../operation.ts";
import { connectorJson, connectorSchema } from "./connector-json.ts";

export const getConnector = operation({
  name: "connector.get",
  tag: "Connectors",
  summary: "Show a connector",
  access: "viewer",
  input: connectorInput,
  output: connectorSchema,
  errors: ["CONNECTOR_UNKNOWN"],
  run: async ({ services }, { connectorId }) => connectorJson(services.connectors.get(connectorId)),
});
