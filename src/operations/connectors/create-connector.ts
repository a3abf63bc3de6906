import * as z from "zod";
import { sealingErrors } from "../error-groups.ts";
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
  errors: ["CONFIG_INVALID", "CONNECTOR_EXISTS", ...sealingErrors],
  changes: ["connector.create"],
  run: async ({ services, service, record }, { settings }) => {
    const entry = await services.connectors.create(settings);
    await record({ action: "connector.create", subject: entry.config.id, after: entry.stored?.settings });
    await service?.connectorsChanged();
    return connectorJson(entry);
  },
});
