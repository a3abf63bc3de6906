import * as z from "zod";
import type { ConnectorConfig } from "../../config/config.ts";
import { failFast } from "../../config/fail-fast.ts";
import type { CheckOptions, CheckResult } from "../../sync/check-connector.ts";
import { connectorIdField } from "../fields.ts";
import { operation } from "../operation.ts";
import type { Services } from "../operation-context.ts";
import { connectorsOf } from "../over-connectors.ts";

/** Keeps a check below ten seconds, program start included. Milliseconds. */
const limitMs = 8000;

export const checkConnector = operation({
  name: "connector.check",
  tag: "Connectors",
  summary: "Try both ends of a connector, or of all; nothing is changed anywhere",
  access: "admin",
  input: z.strictObject({ connectorId: connectorIdField.optional() }),
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
  }),
  errors: ["CONNECTOR_UNKNOWN"],
  run: async ({ services, signal }, { connectorId }) => {
    const connectors = connectorsOf(services, connectorId);
    const checks = (await Promise.all(connectors.map((each) => tryEnds(services, each, signal)))).flat();
    return { ok: checks.every(({ ok }) => ok), checks };
  },
});

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
