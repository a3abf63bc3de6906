import { Pool } from "undici";
import { expect, onTestFinished } from "vitest";
import { routes } from "../../src/api/routes.ts";
import { startTestApi } from "../support/api-server.ts";
import { fuzz } from "./support/fuzz.ts";
import { mutateSample } from "./support/mutate.ts";
import type { Random } from "./support/random.ts";
import { json } from "./support/samples.ts";

const bodies: readonly Buffer[] = [
  json({ id: "two", context_id: "CTX", schedule: { type: "interval", interval_hours: 1 } }),
  json({ ids: ["a", "b"], action: "replay", connector_id: "one" }),
  json({ question: "Who dives with Ines?", mode: "mix", top_k: 5 }),
  json({ force: true, since: "2025-01-01T00:00:00Z", ids: ["m1"] }),
  json({ reason: "holidays" }),
];

/** They, and what asks for knowledge, wait for others that are not there: a server, or a process that schedules. */
const waiting = ["check", "plan", "trigger", "cancel", "pause", "resume"];

fuzz(
  "every request to the management API is answered with what its endpoint documents, and none with a 500",
  0.06,
  async () => {
    const { url, configuredKey } = await startTestApi(
      "api: { api_key: configured-key, rate_limit: { enabled: false } }",
    );
    const pool = new Pool(url, { connections: 4 });
    onTestFinished(() => pool.close());
    const tried = routes.filter(
      ({ method, path, tag }) =>
        tag !== "Knowledge" &&
        !waiting.includes(path.slice(path.lastIndexOf("/") + 1)) &&
        !(method === "POST" && path.endsWith("/runs")),
    );
    return async (random) => {
      const route = random.pick(tried);
      const withBody = route.method !== "GET";
      const answer = await pool.request({
        method: route.method,
        path: pathOf(random, route.path),
        headers: { "x-api-key": configuredKey, ...(withBody ? { "content-type": contentType(random) } : {}) },
        body: withBody ? mutateSample(random, bodies) : null,
      });
      const text = await answer.body.text();
      expect([500, 501], `${route.method} ${route.path}: ${text.slice(0, 300)}`).not.toContain(
        answer.statusCode,
      );
      if (answer.statusCode >= 400)
        expect(JSON.parse(text)).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/u) });
      return 1;
    };
  },
);

const contentType = (random: Random) =>
  random.chance(0.9)
    ? "application/json"
    : random.pick(["text/plain", "application/json; charset=x", "a/b/c"]);

const ids = [
  "one",
  "two",
  "%00",
  "..%2f..%2fetc",
  "__proto__",
  "%F0%9F%97%9D",
  "a".repeat(300),
  "%ff",
  "x%0d%0ay",
];
const queries = [
  "",
  "",
  "?limit=-1",
  "?limit=1e9",
  "?after=%00",
  "?after=eyJ4IjoxfQ",
  "?status[]=x",
  "?__proto__[x]=1",
];

function pathOf(random: Random, pattern: string): string {
  return pattern.replaceAll(/\{\w+\}/gu, () => random.pick(ids)) + random.pick(queries);
}
