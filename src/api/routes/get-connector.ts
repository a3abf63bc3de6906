import { connectorJson, connectorSchema, entityTag } from "../connector-json.ts";
import { route } from "../route.ts";
import { connectorId } from "./connector-id.ts";

export const getConnector = route({
  method: "GET",
  path: "/connectors/{id}",
  access: "viewer",
  tag: "Connectors",
  summary: "Show a connector",
  params: connectorId,
  status: 200,
  answer: connectorSchema,
  errors: ["CONNECTOR_UNKNOWN"],
  handle: async ({ params }, { app }) => {
    const entry = app.connectors.get(params.id);
    return { body: connectorJson(entry), headers: entityTag(entry) };
  },
});
