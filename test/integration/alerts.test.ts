import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { runCli } from "../support/cli.ts";
import { startMailServer } from "../support/mail-server.ts";
import { adminKey, cliJson, eventually, makeWorld, startService } from "../support/service.ts";
import { type ReceivedPost, startReceiver } from "../support/webhook-receiver.ts";

const secret = "a secret of the receiver";

/** What a receiver would write: checks the signature and gives the events. */
function eventsOf({ headers, body }: ReceivedPost) {
  const signed = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  const digest = createHmac("sha256", secret).update(signed).digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${digest}`);
  const message = JSON.parse(body);
  expect(message.id).toBe(headers["webhook-id"]);
  return message.events;
}

const dead = `connectors: [{ id: notes, context_id: CTX, memory_api: { url: "http://127.0.0.1:1", max_retries: 0 } }]`;
const alive = `connectors: [{ id: notes, context_id: CTX }]`;

function monitoring(url: string, rule: string): string {
  return `
monitoring:
  private_addresses: [127.0.0.0/8]
  alerts:
    enabled: true
    alert_on: [${rule}]
    channels: [{ id: ops, type: webhook, webhook_url: "${url}/hook", signing_secret: ${secret} }]`;
}

const sync = (cwd: string) => runCli(["sync", "--all"], { cwd });

test("a cron job that fails alerts once, and says when it is over", async () => {
  const { folder, configure } = await makeWorld(3);
  const { url, posts } = await startReceiver();
  const rules = monitoring(url, "{ consecutive_failures: 2 }");
  configure(dead + rules);
  for (let run = 0; run < 3; run += 1) expect((await sync(folder)).code).toBe(1);
  expect(posts.flatMap(eventsOf)).toMatchObject([
    {
      type: "alert.firing",
      connectorId: "notes",
      data: {
        rule: "consecutive_failures",
        title: "2 runs of notes failed in a row",
        text: expect.stringContaining("SOURCE_UNREACHABLE"),
      },
    },
  ]);
  expect((await cliJson(folder, "alerts", "list")).alerts).toMatchObject([
    { connectorId: "notes", resolvedAt: null },
  ]);
  configure(alive + rules);
  expect((await sync(folder)).code).toBe(0);
  expect(posts.flatMap(eventsOf).map(({ type }) => type)).toEqual(["alert.firing", "alert.resolved"]);
  expect((await cliJson(folder, "alerts", "list")).alerts).toEqual([]);
});

test("an alert that its receiver did not take is sent by the next start, under the same id", async () => {
  const { folder, configure } = await makeWorld(3);
  const receiver = await startReceiver();
  const down: number[] = Array(100).fill(503);
  receiver.reactions.push(...down);
  configure(dead + monitoring(receiver.url, "{ consecutive_failures: 1 }"));
  const { err } = await sync(folder);
  expect(err).toContain("1 message of alerts and webhooks could not be sent yet");
  const before = await cliJson(folder, "alerts", "list");
  expect(before.channels).toMatchObject([
    { id: "ops", waiting: 1, lastError: expect.stringContaining("503") },
  ]);
  receiver.reactions.length = 0;
  configure(
    alive.replace("notes, ", "notes, enabled: false, ") +
      monitoring(receiver.url, "{ consecutive_failures: 1 }"),
  );
  const service = await startService(folder, "--scheduler-only");
  await eventually(async () => (await cliJson(folder, "alerts", "list")).channels[0].waiting === 0);
  await service.stop();
  expect(new Set(receiver.posts.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(receiver.posts.at(-1)).toBeDefined();
});

test("programs are told of memories and jobs as they happen, and only of those they asked for", async () => {
  const { folder, configure } = await makeWorld(7);
  const [all, some] = [await startReceiver(), await startReceiver()];
  configure(`
connectors: [{ id: notes, context_id: CTX, schedule: { type: interval, every: 1s } }]
monitoring:
  private_addresses: [127.0.0.1]
  webhooks:
    - { id: all, webhook_url: "${all.url}", signing_secret: ${secret} }
    - { id: some, webhook_url: "${some.url}", signing_secret: ${secret}, events: [job.completed], connectors: [notes] }
    - { id: other, webhook_url: "${some.url}", signing_secret: ${secret}, connectors: [other] }`);
  const service = await startService(folder, "--scheduler-only");
  await eventually(() => some.posts.flatMap(eventsOf).length >= 2);
  await service.stop();
  const events = all.posts.flatMap(eventsOf);
  const ingested = events.filter(({ type }) => type === "memory.ingested");
  expect(new Set(ingested.map(({ data }) => data.memoryId)).size).toBe(7);
  expect(ingested).toHaveLength(7);
  expect(events.map(({ type }) => type)).toContain("job.started");
  expect(JSON.stringify(events)).not.toContain("transcript");
  const [completed] = some.posts.flatMap(eventsOf);
  expect(completed).toMatchObject({
    type: "job.completed",
    connectorId: "notes",
    data: { outcome: "success", counts: { processed: 7 } },
  });
  expect(some.posts.flatMap(eventsOf).every(({ type }) => type === "job.completed")).toBe(true);
});

test("a running service takes over changed rules and channels, and the API shows its alerts", async () => {
  const { folder, configure } = await makeWorld(3);
  const { url, posts } = await startReceiver();
  const failing = dead.replace("context_id: CTX", "context_id: CTX, schedule: { type: interval, every: 1s }");
  configure(failing);
  const service = await startService(folder);
  await eventually(async () => (await cliJson(folder, "history")).runs.length >= 2);
  configure(failing + monitoring(url, "{ consecutive_failures: 2 }"));
  service.child.kill("SIGHUP");
  await eventually(() => posts.length === 1);
  const api = await callApi(service.url("api"), "GET", "/alerts?state=firing", { key: adminKey });
  expect(api.body.alerts).toMatchObject([{ rule: "consecutive_failures", connectorId: "notes" }]);
  const metrics = await callApi(service.url("api"), "GET", "/metrics", { key: adminKey });
  expect(metrics.body).toContain('memory_connector_notifications_total{channel="ops",outcome="sent"} 1');
  await service.stop();
});

test("a test message says what came back from each kind of channel", async () => {
  const { folder, configure } = await makeWorld(0);
  const { url, posts } = await startReceiver(200, 200, 200, 404);
  const { port, mails } = await startMailServer();
  const channel = (id: string, type: string) => `{ id: ${id}, type: ${type}, webhook_url: "${url}/s3cret" }`;
  configure(`
monitoring:
  private_addresses: [127.0.0.1]
  alerts:
    channels:
      - ${channel("hook", "webhook")}
      - ${channel("chat", "slack")}
      - ${channel("game", "discord")}
      - { id: mail, type: email, email: { host: 127.0.0.1, port: ${port}, security: none, from: a@example.org, to: [b@example.org] } }`);
  for (const id of ["hook", "chat", "game"]) {
    expect(await cliJson(folder, "alerts", "test", id)).toMatchObject({
      channel: id,
      answer: "answered 200",
    });
  }
  const [hook, chat, game] = posts.map(({ body }) => JSON.parse(body));
  expect(hook.events[0].type).toBe("test");
  expect(chat.text).toBe("This is a test");
  expect(game.embeds[0].title).toBe("This is a test");
  expect((await runCli(["alerts", "test", "mail"], { cwd: folder })).out).toContain("took it: 250");
  expect(mails[0]).toContain("Subject: [memory-connector] This is a test");
  const refused = await runCli(["alerts", "test", "hook"], { cwd: folder });
  expect([refused.code, refused.out]).toEqual([2, ""]);
  expect(refused.err).toMatch(/^CHANNEL_DENIED: .*answered 404/m);
  expect(refused.err).not.toContain("s3cret");
  const unknown = await runCli(["alerts", "test", "nobody"], { cwd: folder });
  expect(unknown.code).toBe(2);
  expect(unknown.err).toContain("there are: hook, chat, game, mail");
});

test("the own network is out of reach for messages unless the configuration opens it", async () => {
  const { folder, configure } = await makeWorld(0);
  const { url, connections } = await startReceiver();
  configure(`monitoring: { alerts: { webhook_url: "${url}" } }`);
  const { code, err } = await runCli(["alerts", "test", "default"], { cwd: folder });
  expect([code, connections()]).toEqual([2, 0]);
  expect(err).toContain("CHANNEL_ADDRESS_PRIVATE");
});
