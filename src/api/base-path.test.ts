import { expect, test } from "vitest";
import { prefixOf, withoutBasePath, withoutVersion } from "./base-path.ts";

const firstWords = new Set(["", "docs", "connectors", "memories", "api"]);

test.each([
  ["/mc", "/mc/connectors/a?x=/mc", "/connectors/a?x=/mc"],
  ["/mc", "/mc/memories/%2E%2E", "/memories/%2E%2E"],
  ["/mc", "/mc", "/"],
  ["/mc", "/mc/", "/"],
  ["/mc", "/mc?lang=en", "/?lang=en"],
  ["/mc", "/%6dc/%63onnectors", "/%63onnectors"],
  ["/mc", "http://h:1/mc/connectors", "http://h:1/connectors"],
  ["/tools/mc", "/tools/mc/connectors", "/connectors"],
  ["/memories", "/memories/connectors", "/connectors"],
  ["/memories", "/memories/memories/m1", "/memories/m1"],
  ["/memories", "/memories/api/v1/memories/m1", "/api/v1/memories/m1"],
  ["/api", "/api/api/v1/connectors", "/api/v1/connectors"],
])("below %s, a proxy that passes %s on means %s", (basePath, url, inner) => {
  expect(withoutBasePath(url, basePath, firstWords)).toBe(inner);
});

test.each([
  ["", "/connectors"],
  ["/mc", "/connectors"],
  ["/mc", "/mcx/connectors"],
  ["/mc", "/connectors/mc"],
  ["/tools/mc", "/tools/connectors"],
  ["/memories", "/memories/m1"],
  ["/memories", "/memories/CTX/m1/entities"],
  ["/api", "/api/v1/connectors"],
  ["/mc", "/%ff/connectors"],
])("below %s, a proxy that cuts it off means %s as it stands", (basePath, url) => {
  expect(withoutBasePath(url, basePath, firstWords)).toBe(url);
});

test.each([
  ["/api/v1/connectors", "/connectors", "/mc/api/v1"],
  ["/mc/api/v1/connectors", "/mc/api/v1/connectors", "/mc/api/v1"],
  ["/connectors", "/connectors", "/mc"],
  ["/mc/connectors", "/mc/connectors", "/mc"],
  ["/api/v12/connectors", "/api/v12/connectors", "/mc"],
])("%s is %s without the version, and answers lead below %s", (url, inner, prefix) => {
  expect(withoutVersion(url)).toBe(inner);
  expect(prefixOf(url, "/mc")).toBe(prefix);
});
