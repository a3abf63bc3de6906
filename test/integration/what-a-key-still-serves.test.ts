import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";
import { signIn } from "../support/browser.ts";

/** The keys that were made here, by name, as an admin is told of them. */
async function listed(url: string) {
  const { body } = await callApi(url, "GET", "/api/v1/keys", { key: "configured-key" });
  return {
    configured: body.configured,
    byName: Object.fromEntries(body.keys.map((key: { name: string }) => [key.name, key])),
  };
}

test("the last use of a key is told to the minute, whether a program or a browser used it", async () => {
  const { url, keys, clock } = await startTestApi();
  const made = await Promise.all(["program", "browser", "idle"].map((name) => keys.create(name, "viewer")));
  const [program, browser] = made.map(({ key }) => key);
  const opened = await signIn(url, { key: browser });
  const uses = async () => {
    await callApi(url, "GET", "/api/v1/runs", { key: program ?? null });
    await opened.call("GET", "/api/v1/runs");
  };
  const lastUses = async () => {
    const { byName } = await listed(url);
    return ["program", "browser", "idle"].map((name) => byName[name].lastUsedAt);
  };
  await uses();
  const first = new Date(clock.now()).toISOString();
  expect(await lastUses()).toEqual([first, first, null]);
  await clock.advance(59_000);
  await uses();
  expect(await lastUses()).toEqual([first, first, null]);
  await clock.advance(1_000);
  await uses();
  const later = new Date(clock.now()).toISOString();
  expect(await lastUses()).toEqual([later, later, null]);
});

test("a key that was rotated or revoked keeps its end when its last use is written down", async () => {
  const { url, keys, clock } = await startTestApi();
  const { key, stored } = await keys.create("old", "viewer");
  const { stored: next } = await keys.rotate(stored.id, 120_000);
  await callApi(url, "GET", "/api/v1/runs", { key });
  const all = await keys.list();
  // They are listed by their ids, which are random.
  expect(new Map(all.map(({ id, endsAt, usedAt }) => [id, [endsAt, usedAt]]))).toEqual(
    new Map([
      [stored.id, [clock.now() + 120_000, clock.now()]],
      [next.id, [null, undefined]],
    ]),
  );
});

test("a key is listed with the browsers that are signed in with it, those that are over left out", async () => {
  const { url, keys, clock } = await startTestApi(
    "api: { api_key: configured-key, sessions: { idle_timeout: 1h } }",
  );
  const { key, stored } = await keys.create("wall", "viewer");
  const sessions = async () => (await listed(url)).byName.wall.sessions;
  expect([await sessions(), (await listed(url)).configured]).toEqual([0, true]);
  await signIn(url, { key });
  await clock.advance(30 * 60_000);
  const later = await signIn(url, { key });
  expect(await sessions()).toBe(2);
  await clock.advance(31 * 60_000);
  expect(await sessions()).toBe(1);
  expect((await later.call("GET", "/api/v1/session")).body.keyId).toBe(stored.id);
  await keys.revoke(stored.id);
  expect(await sessions()).toBe(0);
});
