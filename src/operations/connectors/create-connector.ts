import * as z from "zod";
import { operation } from "../operation.ts";
import { connectorBody, connectorJson, connectorSchema } from "./connector-json.ts";

export const createConnector = operation({
  name: "connector.create",
  tag: "Connectors",
  summary: "Make a connector",
  details:
    "It is kept in the state store, takes what it leaves out from the configuration file, and is scheduled at once.",
  access: "admin",
  input: z.strictObject({ settings: connectorBody }),
  output: connectorSchema,
  errors: ["CONFIG_INVALID", "CONNECTOR_EXISTS"],
  changes: ["connector.create"],
  run: async ({ services, service, record }, { settings }) => {
    const entry = await services.connectors.create(settings);
    await service?.connectorsChanged();
    const after = entry.stored?.settings;
    await record({ action: "connector.create", subject: entry.config.id, after });
    return connectorJson(entry);
  },
});
