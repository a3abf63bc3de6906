import * as z from "zod";
import { sealingErrors } from "../error-groups.ts";
import { connectorIdField, versionsField } from "../fields.ts";
import { operation } from "../operation.ts";
import { connectorBody, connectorJson, connectorReplacement, connectorSchema } from "./connector-json.ts";

const dryRunField = z.boolean().default(false).describe("look whether it is valid, and keep nothing");

export const createConnector = operation({
  name: "connector.create",
  tag: "Connectors",
  summary: "Make a connector",
  details:
    "It is kept in the state store, takes what it leaves out from the configuration file, and is scheduled at once.",
  access: "admin",
  input: z.strictObject({ settings: connectorBody, dryRun: dryRunField }),
  output: connectorSchema,
  errors: ["CONFIG_INVALID", "CONNECTOR_EXISTS", ...sealingErrors],
  changes: ["connector.create"],
  run: async ({ services, service, record }, { settings, dryRun }) => {
    const entry = await services.connectors.create(settings, { dryRun });
    if (dryRun) return connectorJson(entry);
    await record({ action: "connector.create", subject: entry.config.id, after: entry.stored?.settings });
    await service?.connectorsChanged();
    return connectorJson(entry);
  },
});

export const replaceConnector = operation({
  name: "connector.replace",
  tag: "Connectors",
  summary: "Replace a connector's settings",
  details:
    "All of them; a secret that is still masked keeps its value, and another id than that of the path is refused. " +
    "A run that is under way goes on with the settings that it began with.",
  access: "admin",
  input: z.strictObject({
    connectorId: connectorIdField,
    settings: connectorReplacement,
    dryRun: dryRunField,
    ifVersions: versionsField,
  }),
  output: connectorSchema,
  errors: ["CONNECTOR_UNKNOWN", "CONNECTOR_READ_ONLY", "CONFIG_INVALID", "STATE_CONFLICT", ...sealingErrors],
  changes: ["connector.replace"],
  run: async ({ services, service, record }, { connectorId, settings, dryRun, ifVersions }) => {
    const before = services.connectors.find(connectorId)?.stored;
    const entry = await services.connectors.replace(connectorId, settings, ifVersions, { dryRun });
    if (dryRun) return connectorJson(entry);
    const { stored } = entry;
    if (before?.version !== stored?.version) {
      const change = { before: before?.settings, after: stored?.settings };
      await record({ action: "connector.replace", subject: connectorId, ...change });
    }
    await service?.connectorsChanged();
    return connectorJson(entry);
  },
});
