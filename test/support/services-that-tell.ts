import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { callApi } from "./api-client.ts";
import { followStream, openSocket } from "./live-readers.ts";
import { adminKey, eventually, makeWorld, startService } from "./service.ts";
import { temporaryFolder } from "./temp-folder.ts";

const connectors = "connectors: [{ id: one, context_id: CTX, schedule: { type: interval, every: 1h } }]";

/** Within a second, and what a busy machine adds to that. Milliseconds. */
const soonMs = 3_000;

/** Services on one state, each started with these arguments, in one folder or, as on several machines, in one each. */
export async function startTelling(args: readonly string[][], state = "", ownFolders = false) {
  const world = await makeWorld(12);
  world.lightrag.options.processingMs = 50;
  world.configure(`${connectors}\n${state}`);
  const services = [];
  for (const each of args) {
    const folder = ownFolders ? temporaryFolder() : world.folder;
    if (ownFolders) copyFileSync(join(world.folder, "config.yaml"), join(folder, "config.yaml"));
    services.push(await startService(folder, ...each));
  }
  const apis = services.map((service) => service.url("api")).filter((url) => url !== "");
  const call = (api: string, method: string, path: string, body?: unknown) =>
    callApi(api, method, path, { body });
  return { ...world, services, apis, call };
}

/** Every reader of every API is told the same of a run that is triggered at the first, by socket and by stream, in the order in which it happened. */
export async function expectOneStory({ apis, call }: Awaited<ReturnType<typeof startTelling>>) {
  const sockets = await Promise.all(apis.map((api) => openSocket(api, adminKey)));
  const streams = await Promise.all(apis.map((api) => followStream(api, adminKey)));
  await eventually(() => streams.every(({ text }) => text().includes(": listening")));
  const { runId } = (await call(apis[0] ?? "", "POST", "/connectors/one/trigger")).body;
  const isOver = (seen: { type: string }[]) => seen.some(({ type }) => type === "run:end");
  await eventually(() => sockets.every(({ seen }) => isOver(seen)));
  await eventually(() => streams.every(({ text }) => text().includes("event: run:end")));
  const stories = sockets.map(({ seen }) => seen.map(({ id: _, ...event }) => event));
  expect(stories[0]?.map(({ type }) => type)).toEqual(
    expect.arrayContaining(["run:start", "run:phase", "run:progress", "run:end"]),
  );
  for (const story of stories) expect(story).toEqual(stories[0]);
  expect(stories[0]?.at(-1)?.data).toMatchObject({ runId, outcome: "success" });
  expect(stories[0]?.some(({ type }) => type === "missed")).toBe(false);
}

/** A pause, a connector and a key that one API has made or taken away are known at every other within a second. */
export async function expectOneWill({ apis, call }: Awaited<ReturnType<typeof startTelling>>) {
  const [first = "", ...others] = apis;
  const last = apis.at(-1) ?? "";
  const soon = async (wanted: number, look: (api: string) => Promise<number>, where: readonly string[]) =>
    expect
      .poll(() => Promise.all(where.map(look)), { timeout: soonMs, interval: 20 })
      .toEqual(where.map(() => wanted));
  const isPaused = async (api: string) =>
    Number((await call(api, "GET", "/connectors/one/schedule")).body.pausedAt !== null);
  await call(last, "POST", "/connectors/one/pause");
  await soon(1, isPaused, apis);
  await call(first, "POST", "/connectors/one/resume");
  await soon(0, isPaused, apis);
  const made = { id: "made", context_id: "OTHER", schedule: { type: "manual" } };
  expect((await call(first, "POST", "/connectors", made)).status).toBe(201);
  const there = async (api: string) => (await call(api, "GET", "/connectors/made")).status;
  await soon(200, there, others);
  expect((await call(last, "DELETE", "/connectors/made")).status).toBe(200);
  await soon(404, there, apis);
  const key = (await call(first, "POST", "/keys", { name: "reader", role: "viewer" })).body;
  const { socket } = await openSocket(last, key.key);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  expect((await call(first, "DELETE", `/keys/${key.id}`)).status).toBe(200);
  expect(await closed).toBe(1008);
}
