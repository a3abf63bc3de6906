import { expect, test } from "vitest";
import type { AuditChange } from "../../src/access/audit/audit-log.ts";
import { listConnectors } from "../../src/operations/connectors/list-connectors.ts";
import { removeConnector } from "../../src/operations/connectors/remove-connector.ts";
import { createConnector, replaceConnector } from "../../src/operations/connectors/save-connector.ts";
import type { OperationContext } from "../../src/operations/operation-context.ts";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";

const settings = { id: "made", context_id: "CTX", schedule: { type: "manual" } };

/** The operations over a service whose schedule cannot be brought in line after a change. */
async function withBrokenSchedule() {
  const { app, clock } = await startTestApi();
  const recorded: AuditChange[] = [];
  const full = new Error("full");
  const context = {
    ...{ services: app, clock, signal: new AbortController().signal },
    service: { scheduler: null, connectorsChanged: () => Promise.reject(full) },
    record: async (change: AuditChange) => void recorded.push(change),
  } as unknown as OperationContext;
  return { app, context, recorded, full };
}

test("a connector that is made, changed or removed is in the audit log, whatever becomes of its schedule", async () => {
  const { app, context, recorded, full } = await withBrokenSchedule();
  await expect(createConnector.run(context, { settings, dryRun: false })).rejects.toBe(full);
  expect(app.connectors.find("made")).toBeDefined();
  expect(recorded).toMatchObject([{ action: "connector.create", subject: "made" }]);

  const change = {
    connectorId: "made",
    settings: { ...settings, description: "new" },
    dryRun: false,
    ifVersions: null,
  };
  await expect(replaceConnector.run(context, change)).rejects.toBe(full);
  expect(recorded[1]).toMatchObject({ action: "connector.replace", after: { description: "new" } });

  const remove = { connectorId: "made", keepLedger: false, ifVersions: null };
  await expect(removeConnector.run(context, remove)).rejects.toBe(full);
  expect(app.connectors.find("made")).toBeUndefined();
  expect(recorded[2]).toMatchObject({ action: "connector.remove", after: { forgotten: 0 } });
});

test("connectors that the scheduler has not heard of yet are listed like the others", async () => {
  const { app, context } = await withBrokenSchedule();
  await createConnector.run(context, { settings, dryRun: false }).catch(() => undefined);
  const scheduler = { list: () => [], activeRun: () => null };
  const unaware = { ...context, service: { scheduler } } as unknown as OperationContext;
  const { connectors } = await listConnectors.run(unaware, { runs: 0 });
  expect(connectors.map(({ id }) => id)).toEqual(app.connectors.configs().map(({ id }) => id));
});

test("a channel that does not take a test message is no fault of the service", async () => {
  const channel = `{ id: ops, type: webhook, webhook_url: "http://127.0.0.1:9/x" }`;
  const { url, configuredKey: key } = await startTestApi(
    `api: { api_key: configured-key }\nmonitoring: { alerts: { channels: [${channel}] } }`,
  );
  const refused = await callApi(url, "POST", "/alerts/channels/ops/test", { key });
  expect([refused.status, refused.body.code]).toEqual([502, "CHANNEL_ADDRESS_PRIVATE"]);
});
