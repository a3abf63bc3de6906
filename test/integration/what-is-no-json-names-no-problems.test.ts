import { expect, test } from "vitest";
import { startTestApi } from "../support/api-server.ts";

const bodies: readonly [what: string, body: string][] = [
  ["no JSON", "{"],
  ["two values", "{} {}"],
  ["words", "hello"],
  ["half of a surrogate pair", '"\\ud800"'],
  ["a repeated key", '{"limit": 1, "limit": 2}'],
  ["a list", "[]"],
  ["an unknown field", '{"zzz": 1}'],
];

const places = ["/dead-letters", "/connectors", "/connectors/one/pause", "/keys"];

test.each(bodies)(
  "a body that is %s is told where it is wrong, or that it is wrong as a whole",
  async (_, body) => {
    const { url, configuredKey } = await startTestApi();
    const headers = { "x-api-key": configuredKey, "content-type": "application/json" };
    for (const path of places) {
      const answer = await fetch(url + path, { method: "POST", headers, body });
      const { code, hint, problems } = (await answer.json()) as {
        code: string;
        hint: string;
        problems?: unknown[];
      };
      expect([answer.status, code], path).toEqual([
        expect.toSatisfy((status) => status < 500),
        expect.any(String),
      ]);
      if (hint.includes("`problems`")) expect(problems, `${path}: ${hint}`).toBeDefined();
      if (problems !== undefined) expect(problems.length).toBeGreaterThan(0);
    }
  },
);
