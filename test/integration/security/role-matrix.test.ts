import { expect, test } from "vitest";
import { callApi } from "../../support/api-client.ts";
import { startTestApi } from "../../support/api-server.ts";
import { whileTimePasses } from "../../support/stepped-clock.ts";

interface Operation {
  security?: object[];
  description?: string;
}

/** What a stranger reads: the document alone, not the table that it was made from. */
async function operationsOf(url: string) {
  const { body } = await callApi(url, "GET", "/openapi.json", { key: null });
  return Object.entries<Record<string, Operation>>(body.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );
}

/** The status alone: the body of a stream has no end. Time passes meanwhile, for a request may wait for another process. */
async function statusOf(
  { url, clock }: Pick<Awaited<ReturnType<typeof startTestApi>>, "url" | "clock">,
  method: string,
  path: string,
  key: string | null,
): Promise<number> {
  const stop = new AbortController();
  const headers: Record<string, string> = key === null ? {} : { "x-api-key": key };
  const asked = fetch(url + path.replaceAll(/\{\w+\}/gu, "none"), { method, headers, signal: stop.signal });
  const answer = await whileTimePasses(clock, asked);
  stop.abort();
  return answer.status;
}

test("what the OpenAPI document says of keys and roles is what callers meet", async () => {
  const api = await startTestApi();
  const { url, keys, clock } = api;
  const viewer = (await keys.create("v", "viewer")).key;
  const admin = (await keys.create("a", "admin")).key;
  const operations = await operationsOf(url);
  expect(operations.length).toBeGreaterThan(30);
  for (const { method, path, operation } of operations) {
    const isOpen = operation.security === undefined;
    const isForAdmins = /role `admin`/u.test(operation.description ?? "");
    const met: unknown[] = [];
    for (const key of [null, "wrong", viewer, admin]) {
      const status = await statusOf(api, method, path, key);
      met.push([401, 403].includes(status) ? status : "in");
    }
    const outside = isOpen ? "in" : 401;
    const expected = [outside, outside, isForAdmins ? 403 : "in", "in"];
    expect([method, path, ...met]).toEqual([method, path, ...expected]);
    await clock.advance(7_000);
  }
  const open = operations.filter(({ operation }) => operation.security === undefined).map(({ path }) => path);
  expect(open.toSorted()).toEqual(["/health", "/health/live", "/health/ready", "/session"]);
  const changing = operations.filter(({ method }) => method !== "GET");
  const forViewers = changing.filter(({ operation }) => !/role `admin`/u.test(operation.description ?? ""));
  // A question and a ticket change nothing, and whoever may look may sign in and out.
  expect(forViewers.map(({ path }) => path).toSorted()).toEqual([
    "/events/tickets",
    "/query",
    "/session",
    "/session",
  ]);
});
