import { connectorJson, connectorReplacement, connectorSchema, entityTag } from "../connector-json.ts";
import { route } from "../route.ts";
import { connectorId } from "./connector-id.ts";

export const replaceConnector = route({
  method: "PUT",
  path: "/connectors/{id}",
  access: "admin",
  tag: "Connectors",
  summary: "Replace a connector's settings",
  details:
    "All of them; a secret that is still masked keeps its value. With `If-Match` it is replaced only if nobody else has changed it. " +
    "A run that is under way goes on with the settings that it began with.",
  params: connectorId,
  body: connectorReplacement,
  takesIfMatch: true,
  status: 200,
  answer: connectorSchema,
  errors: ["CONNECTOR_UNKNOWN", "CONNECTOR_READ_ONLY", "CONFIG_INVALID", "STATE_CONFLICT"],
  changes: ["connector.replace"],
  handle: async ({ params, body, ifVersion }, { app, connectorsChanged }) => {
    const before = app.connectors.find(params.id)?.stored;
    const entry = await app.connectors.replace(params.id, body, ifVersion);
    await connectorsChanged();
    const { stored } = entry;
    const change = {
      action: "connector.replace",
      subject: params.id,
      before: before?.settings,
      after: stored?.settings,
    } as const;
    const answer = { body: connectorJson(entry), headers: entityTag(entry) };
    return before?.version === stored?.version ? answer : { ...answer, change };
  },
});
