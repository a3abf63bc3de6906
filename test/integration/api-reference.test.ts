import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { eventsRoute } from "../../src/api/live/add-events.ts";
import { routes } from "../../src/api/routes.ts";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";

test("the OpenAPI document is one, by the rules of OpenAPI 3.1", async () => {
  const { url } = await startTestApi();
  const { body } = await callApi(url, "GET", "/openapi.json", { key: null });
  const { valid, errors } = await new Validator().validate(body);
  expect(errors ?? []).toEqual([]);
  expect([valid, body.openapi]).toEqual([true, "3.1.0"]);
});

test("the reference is served whole, with nothing that comes from elsewhere", async () => {
  const { url } = await startTestApi();
  const page = await callApi(url, "GET", "/docs/", { key: null });
  expect(page.status).toBe(200);
  const sources = [...String(page.body).matchAll(/(?:src|href)="([^"]+)"/gu)].map(([, source]) => source);
  expect(sources.length).toBeGreaterThan(3);
  for (const source of sources) {
    expect(source).not.toMatch(/^(https?:)?\/\//u);
    const answer = await fetch(new URL(source ?? "", `${url}/docs/`));
    expect([source, answer.status]).toEqual([source, 200]);
    await answer.arrayBuffer();
  }
  const { body } = await callApi(url, "GET", "/openapi.json", { key: null });
  const documented = Object.entries<object>(body.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
  const served = [...routes, eventsRoute].map(({ method, path }) => `${method} ${path}`);
  expect(documented.toSorted()).toEqual(served.toSorted());
});
