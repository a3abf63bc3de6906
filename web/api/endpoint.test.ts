import { expect, test } from "vitest";
import { placementOf } from "../../src/api/endpoint.ts";
import { pathSegment as segmentOfTheService } from "../../src/api/path-segment.ts";
import { routes } from "../../src/api/routes.ts";
import { may, pathSegment, placed } from "./endpoint.ts";
import { api } from "./endpoints.ts";
import { session } from "./session.ts";

const roles = [
  ["admin", { access: ["viewer", "admin"] }],
  ["viewer", { access: ["viewer"] }],
  ["nobody", { access: [] as string[] }],
] as const;

test.each(roles)("what the page lets %s do is what the service lets them do", (role, { access }) => {
  const opened = { keyId: "k", name: null, expiresAt: null, csrf: null };
  session.value = role === "nobody" ? null : { role, ...opened };
  const offered = Object.entries(api).map(([name, asked]) => [name, may(asked)]);
  const allowed = Object.entries(api).map(([name, { method, path }]) => {
    const route = routes.find((each) => each.method === method && each.path === path);
    return [name, access.some((each) => each === route?.access)];
  });
  expect(offered).toEqual(allowed);
});

test.each(Object.entries(api))(
  "%s is a route of the API, and its input is where the API looks for it",
  (_, asked) => {
    const route = routes.find(({ method, path }) => method === asked.method && path === asked.path);
    expect(route?.offers).toBeDefined();
    const { operation, endpoint } = route!.offers!;
    const { params, query, body } = placementOf(operation, endpoint);
    const names = [...Object.values(params), ...Object.values(query), ...body];
    const sent = asked.placing(Object.fromEntries(names.map((name) => [name, name])));
    const [path = "", search = ""] = sent.address.split("?");
    expect(path).toBe(asked.path.replaceAll(/\{(\w+)\}/gu, (__, name: string) => params[name] ?? "?"));
    expect(Object.fromEntries(new URLSearchParams(search))).toEqual(query);
    if (endpoint.bodyKey === undefined)
      expect(Object.keys((sent.body as object | undefined) ?? {})).toEqual(body);
  },
);

test.each([".", "..", "...", "~", "~~", "~~..", "a/..", "/", "%2e", "?", "#", "😀"])(
  "the id %s is in a path what the service takes it for",
  (id) => {
    expect(pathSegment(id)).toBe(segmentOfTheService(id));
  },
);

test("names in a path are encoded, and what is not said is left out", () => {
  const memory = { connectorId: "a", contextId: "..", memoryId: "." };
  expect(placed("GET", "/connectors/{id}/memories/{contextId}/{memoryId}/document", memory).address).toBe(
    "/connectors/a/memories/~~../~~./document",
  );
  const input = { connectorId: "a/b", limit: 5, after: undefined };
  expect(placed("GET", "/connectors/{id}/history", input)).toEqual({
    address: "/connectors/a%2Fb/history?limit=5",
    body: undefined,
  });
  expect(
    placed(
      "POST",
      "/connectors/{id}/trigger",
      { connectorId: "a", force: true, since: "x" },
      { query: ["force"] },
    ),
  ).toEqual({
    address: "/connectors/a/trigger?force=true",
    body: { since: "x" },
  });
  expect(
    placed("PUT", "/connectors/{id}", { connectorId: "a", settings: { id: "a" } }, { bodyKey: "settings" })
      .body,
  ).toEqual({
    id: "a",
  });
});
