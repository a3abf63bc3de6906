import { connectorBody, connectorJson, connectorSchema, entityTag } from "../connector-json.ts";
import { route } from "../route.ts";

export const createConnector = route({
  method: "POST",
  path: "/connectors",
  access: "admin",
  tag: "Connectors",
  summary: "Make a connector",
  details:
    "It is kept in the state store, takes what it leaves out from the configuration file, and is scheduled at once.",
  body: connectorBody,
  status: 201,
  answer: connectorSchema,
  errors: ["CONFIG_INVALID", "CONNECTOR_EXISTS"],
  changes: ["connector.create"],
  handle: async ({ body }, { app, connectorsChanged }) => {
    const entry = await app.connectors.create(body);
    await connectorsChanged();
    const location = `/connectors/${encodeURIComponent(entry.config.id)}`;
    return {
      body: connectorJson(entry),
      headers: { location, ...entityTag(entry) },
      change: { action: "connector.create", subject: entry.config.id, after: entry.stored?.settings },
    };
  },
});
