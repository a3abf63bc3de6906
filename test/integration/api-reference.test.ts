import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { startTestApi } from "../support/api-server.ts";

test("the OpenAPI document is one, by the rules of OpenAPI 3.1", async () => {
  const { url } = await startTestApi();
  const { body } = await callApi(url, "GET", "/openapi.json", { key: null });
  const { valid, errors } = await new Validator().validate(body);
  expect(errors ?? []).toEqual([]);
  expect([valid, body.openapi]).toEqual([true, "3.1.0"]);
});
