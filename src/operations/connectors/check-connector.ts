import * as z from "zod";
import type { ConnectorConfig } from "../../config/config.ts";
import { failFast } from "../../config/fail-fast.ts";
import type { CheckOptions, CheckResult } from "../../sync/check-connector.ts";
import { lookAtDatabase } from "../doctor/check-database.ts";
import { type Diagnosis, diagnosisSchema } from "../doctor/diagnosis.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import type { Services } from "../operation-context.ts";
import { connectorsOf } from "../over-connectors.ts";
import { connectorReplacement } from "./connector-json.ts";

/** Keeps a check below ten seconds, program start included. Milliseconds. */
const limitMs = 8000;

export const checkConnector = operation({
  name: "connector.check",
  tag: "Connectors",
  summary:
    "Try both ends of a connector, or of all, and the database of the state; nothing is changed anywhere",
  details:
    "With `settings` these are tried as they would be if they were kept, also of a connector that is not there yet; a secret that is still masked is the one that is kept.",
  access: "admin",
  input: z.strictObject({
    connectorId: connectorIdField.optional(),
    settings: connectorReplacement.optional().describe("tried in the place of those that are kept"),
  }),
  companions: [
    { key: "settings", beside: "connectorId", reason: "says nothing without the id of a connector" },
  ],
  output: z.strictObject({
    ok: z.boolean(),
    checks: z.array(
      z.strictObject({
        connectorId: z.string(),
        subject: z.string(),
        ok: z.boolean(),
        message: z.string(),
        code: z.string().nullable(),
        hint: z.string().nullable(),
      }),
    ),
    database: z
      .array(diagnosisSchema)
      .describe(
        "the server that has the state, as `doctor` looks at it; empty where the state is a file, and for a trial of `settings`",
      ),
  }),
  errors: ["CONNECTOR_UNKNOWN", "CONNECTOR_READ_ONLY", "CONFIG_INVALID"],
  run: async ({ services, signal }, { connectorId, settings }) => {
    const connectors =
      connectorId === undefined || settings === undefined
        ? connectorsOf(services, connectorId)
        : [await drafted(services.connectors, connectorId, settings)];
    const [database, ...tried] = await Promise.all([
      settings === undefined ? tryDatabase(services) : [],
      ...connectors.map((each) => tryEnds(services, each, signal)),
    ]);
    const checks = tried.flat();
    const isWell = database.every(({ level }) => level !== "problem");
    return { ok: isWell && checks.every(({ ok }) => ok), checks, database };
  },
});

async function tryDatabase({ config, events }: Pick<Services, "config" | "events">): Promise<Diagnosis[]> {
  const found = await lookAtDatabase(config.state);
  for (const each of found) events.emit("check:database", each);
  return found;
}

/** A connector as it would be with other settings. Throws what keeping them would throw. */
async function drafted(
  catalog: Pick<Services["connectors"], "find" | "create" | "replace">,
  id: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<ConnectorConfig> {
  const dryRun = { dryRun: true };
  const entry =
    catalog.find(id) === undefined
      ? catalog.create({ ...settings, id }, dryRun)
      : catalog.replace(id, settings, null, dryRun);
  return (await entry).config;
}

/** Tries the ends of a connector that need not be stored; see `checkConnector` of a run. Each request is made once. */
export async function tryEnds(
  services: Pick<Services, "withParts" | "releaseUnused" | "events">,
  connector: ConnectorConfig,
  signal: AbortSignal,
  options: Pick<CheckOptions, "ends" | "thorough"> = {},
): Promise<CheckResult[]> {
  // Loaded lazily: commands that only read the state respond immediately.
  const { checkConnector, failed } = await import("../../sync/check-connector.ts");
  const { events } = services;
  const progress: Pick<CheckOptions, "onTry" | "onResult"> = {
    onTry: (connectorId, subject) => events.emit("check:try", { connectorId, subject }),
    onResult: (result) => events.emit("check:result", result),
  };
  return services
    .withParts(failFast(connector, limitMs - 1000), (parts) =>
      checkConnector(parts, connector, signal, { limitMs, ...options, ...progress }),
    )
    .catch((thrown) => {
      signal.throwIfAborted();
      // Its dependencies cannot be built, which says nothing about other connectors.
      const result = failed(connector.id, "settings", thrown);
      events.emit("check:result", result);
      return [result];
    })
    .finally(() => services.releaseUnused());
}
