import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { type Item, JsonListServer } from "../support/json-list-server.ts";
import { cliJson, makeWorld } from "../support/service.ts";

const note = (n: number, more: object = {}): Item => ({
  id: `n/${n} 🍏`,
  text: `Note ${n} of Ada.`,
  at: "2026-03-01T08:15:00Z",
  views: 0,
  ...more,
});

/** A world whose one connector reads a declared list in pages of 10. */
async function listWorld(count: number) {
  const server = await new JsonListServer().start();
  server.items = Array.from({ length: count }, (_, n) => note(n));
  const { folder, lightrag, configure } = await makeWorld(0);
  const declare = (key: string) =>
    configure(`connectors:
  - id: notes
    context_id: LIST
    schedule: { type: manual }
    deletions: { grace_listings: 1, grace_period: 0, always_allowed: 5 }
    on_delete: propagate
    source:
      type: http_json
      url: "${server.url}"
      path: /notes
      api_key: ${key}
      auth: { name: x-api-key }
      items: data.notes
      paging: { style: page, size_parameter: size, size: 10 }
      fields: { created_at: at, updated_at: changed }
      volatile: [views]
      requests_per_second: 1000
      max_retries: 0`);
  declare("right-key");
  const sync = (...args: string[]) => runCli(["sync", ...args], { cwd: folder });
  const texts = () => [...lightrag.texts().values()];
  return { server, folder, declare, sync, texts };
}

test("a declared list is delivered, each item once; what is changed and deleted is followed", async () => {
  const { server, folder, sync, texts } = await listWorld(35);
  expect(await runCli(["check"], { cwd: folder })).toMatchObject({
    code: 0,
    out: expect.stringContaining(server.url),
  });
  expect(await sync()).toMatchObject({ code: 0, out: expect.stringContaining("35 proved processed") });
  server.items = server.items.map((item) => ({ ...item, views: 9 }));
  expect(await sync()).toMatchObject({ code: 0, out: expect.stringContaining("0 submitted") });

  server.items = [note(99), ...server.items.slice(1, -1), note(34, { text: "The boat stays where it is." })];
  expect(await sync()).toMatchObject({ code: 0 });
  expect(texts()).toHaveLength(35);
  expect(texts().filter((text) => text.includes("Note 0 of Ada"))).toEqual([]);
  expect(texts().filter((text) => text.includes("boat stays"))).toHaveLength(1);
});

test("living memories survive deletions during a walk, whatever moves between the pages", async () => {
  const { server, sync, texts } = await listWorld(60);
  await sync();
  const asked = server.requests.length;
  server.onList = (count) => {
    if (count === asked + 2) server.items = server.items.slice(4);
  };
  server.items = [...server.items, note(99)];
  await sync();
  server.onList = () => {};
  await sync();
  expect(texts()).toHaveLength(57);
  for (const { text } of server.items) expect(texts().join()).toContain(String(text));
});

test("a wrong key takes nothing away, whether it is refused or answered with an empty list", async () => {
  const { server, declare, sync, texts } = await listWorld(3);
  await sync();
  declare("revoked-key");
  const refused = await sync();
  expect(refused).toMatchObject({ code: 1, out: expect.stringContaining("SOURCE_UNAUTHORIZED") });
  server.wrongKey = "empty";
  expect(await sync("--accept-deletions")).toMatchObject({
    code: 3,
    out: expect.stringContaining("made-up key"),
  });
  expect(texts()).toHaveLength(3);
  expect(refused.out + refused.err).not.toContain("revoked-key");
});

test("a run that breaks off in the middle of a walk is taken up where it was, and ends whole", async () => {
  const { server, folder, sync } = await listWorld(60);
  server.onList = (count) => {
    if (count === 3) server.failures = [503];
  };
  expect(await sync()).toMatchObject({ code: 1 });
  server.onList = () => {};
  const before = server.requests.length;
  expect(await sync()).toMatchObject({ code: 0 });
  expect(server.requests[before]?.query.get("page")).not.toBe("1");
  const { connectors } = await cliJson(folder, "status");
  expect(connectors[0].memories).toMatchObject({ processed: 60 });
});
