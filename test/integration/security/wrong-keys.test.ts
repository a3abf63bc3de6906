import { expect, test } from "vitest";
import { callApi } from "../../support/api-client.ts";
import { startTestApi } from "../../support/api-server.ts";

const wrong = (headers: Record<string, string> = {}) => ({ key: "wrong", headers });

async function tryWrongKeys(url: string, count: number, headers?: Record<string, string>): Promise<number[]> {
  const statuses: number[] = [];
  for (let tries = 0; tries < count; tries++) {
    statuses.push((await callApi(url, "GET", "/runs", wrong(headers))).status);
  }
  return statuses;
}

test("an address that tries many wrong keys has to wait with them, and is let in with a right one", async () => {
  const { url, configuredKey, keys, clock } = await startTestApi();
  const { key } = await keys.create("viewer", "viewer");
  expect(await tryWrongKeys(url, 12)).toEqual([...Array(10).fill(401), 429, 429]);
  const refused = await callApi(url, "GET", "/runs", wrong());
  expect([refused.status, refused.body.code]).toEqual([429, "API_TOO_MANY_REQUESTS"]);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  for (const right of [configuredKey, key]) {
    expect((await callApi(url, "GET", "/runs", { key: right })).status).toBe(200);
  }
  expect((await callApi(url, "GET", "/runs", { key: null })).status).toBe(401);
  await clock.advance(61_000);
  expect(await tryWrongKeys(url, 1)).toEqual([401]);
});

test("health answers whatever key is shown, and however often", async () => {
  const limited = "api: { api_key: configured-key, rate_limit: { enabled: true, requests_per_minute: 6 } }";
  const { url, configuredKey } = await startTestApi(limited);
  for (let asked = 0; asked < 6; asked++) await callApi(url, "GET", "/runs", { key: configuredKey });
  expect((await callApi(url, "GET", "/runs", { key: configuredKey })).status).toBe(429);
  for (let asked = 0; asked < 20; asked++) {
    for (const path of ["/health", "/health/live", "/health/ready"]) {
      expect([path, (await callApi(url, "GET", path, wrong())).status]).toEqual([path, 200]);
    }
    expect((await callApi(url, "GET", "/metrics", { key: configuredKey })).status).toBe(200);
  }
  expect((await callApi(url, "GET", "/health", wrong())).body.details).toBeUndefined();
});

test("behind a trusted proxy each caller has tries of its own; without trust the header is ignored", async () => {
  for (const [trust, believed] of [
    ['["127.0.0.0/8"]', true],
    ["1", true],
    ['["10.9.0.0/16"]', false],
    ["[]", false],
  ] as const) {
    const { url } = await startTestApi(`api: { api_key: configured-key, trust_proxy: ${trust} }`);
    expect((await tryWrongKeys(url, 11, { "x-forwarded-for": "198.51.100.7" })).at(-1)).toBe(429);
    const other = await tryWrongKeys(url, 1, { "x-forwarded-for": "198.51.100.8" });
    expect([trust, other]).toEqual([trust, [believed ? 401 : 429]]);
  }
});

test("a caller behind a trusted proxy cannot name itself otherwise", async () => {
  const { url } = await startTestApi('api: { api_key: configured-key, trust_proxy: ["127.0.0.1"] }');
  for (let tries = 0; tries < 10; tries++) {
    await callApi(url, "GET", "/runs", wrong({ "x-forwarded-for": `203.0.113.${tries}, 198.51.100.7` }));
  }
  const status = async (forwarded: string) =>
    (await callApi(url, "GET", "/runs", wrong({ "x-forwarded-for": forwarded }))).status;
  expect(await status("203.0.113.99, 198.51.100.7")).toBe(429);
  expect(await status("203.0.113.99, 198.51.100.7:4711")).toBe(429);
  expect(await status("198.51.100.7, 203.0.113.99")).toBe(401);
});

test("addresses of one IPv6 network have tries in common", async () => {
  const { url } = await startTestApi('api: { api_key: configured-key, trust_proxy: ["127.0.0.1"] }');
  for (let tries = 0; tries < 10; tries++) {
    await callApi(url, "GET", "/runs", wrong({ "x-forwarded-for": `2001:db8::${tries + 1}` }));
  }
  const status = async (forwarded: string) =>
    (await callApi(url, "GET", "/runs", wrong({ "x-forwarded-for": forwarded }))).status;
  expect(await status("2001:db8:0:0:abcd::1")).toBe(429);
  expect(await status("2001:db8:0:1::1")).toBe(401);
});

test("the audit log knows the caller's address, not the proxy's, and never what was made up", async () => {
  const { url, configuredKey, app } = await startTestApi(
    'api: { api_key: configured-key, trust_proxy: ["127.0.0.1"] }',
  );
  const addresses: (string | null)[] = [];
  for (const forwarded of ["198.51.100.7", "1.2.3.4, 2001:db8::5", "unknown", "<script>", undefined]) {
    const headers: Record<string, string> = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
    const body = { id: `c${addresses.length}`, context_id: "X" };
    await callApi(url, "POST", "/connectors", { key: configuredKey, body, headers });
    const { entries } = await app.audit.list({ limit: 1 });
    addresses.push(entries[0]?.from.address ?? null);
  }
  expect(addresses).toEqual(["198.51.100.7", "2001:db8::5", "127.0.0.1", "127.0.0.1", "127.0.0.1"]);
});
