import { expect, test } from "vitest";
import { problemsOf, readYaml } from "../../test/support/config.ts";
import { sharersOf } from "./shared-contexts.ts";

const memories = '[{ id: m1, created_at: "2026-03-01T08:15:00Z", transcript: words }]';
const own = `source: { type: in_memory, memories: ${memories} }`;
const yaml = (first: string, second: string, rest = "") => `
memory_api: { url: "http://127.0.0.1:8080" }
connectors:
  - { id: one, context_id: CTX, ${first} }
  - { id: two, ${second} }
${rest}`;

test.each([
  ["a Memory API and another source", yaml("enabled: true", `context_id: CTX, ${own}`)],
  ["another source and a Memory API", yaml(own, "context_id: CTX")],
  ["two sources of one kind", yaml(own, `context_ids: [OTHER, CTX], ${own}`)],
  [
    "two that name LightRAG differently",
    yaml(own, `context_id: CTX, ${own}, lightrag: { api: { url: "http://localhost:9621/" } }`),
  ],
])("%s never give two documents one name", (_, text) => {
  expect(problemsOf(text)).toEqual([
    expect.objectContaining({
      path: "connectors[1].context_id",
      reason: expect.stringContaining('brings the context "CTX" to the same LightRAG as the connector one'),
      hint: "give it a context, a workspace or a folder of its own",
    }),
  ]);
});

test.each([
  ["contexts of their own", yaml(own, `context_id: OTHER, ${own}`)],
  [
    "a LightRAG of its own",
    yaml(own, `context_id: CTX, ${own}, lightrag: { api: { url: "http://other:1" } }`),
  ],
  ["a workspace of its own", yaml(own, `context_id: CTX, ${own}, lightrag: { api: { workspace: w } }`)],
  ["one of them disabled", yaml(`enabled: false, ${own}`, `context_id: CTX, ${own}`)],
])("with %s they stand side by side", (_, text) => {
  expect(readYaml(text).config.connectors).toHaveLength(2);
});

test("connectors that there were keep their names and their warning", () => {
  const { warnings } = readYaml(
    yaml("enabled: true", 'context_id: CTX, memory_api: { url: "http://b.example" }'),
  );
  expect(warnings.map(({ reason }) => reason)).toContainEqual(
    expect.stringMatching(/^brings the context "CTX" to the same LightRAG as the connector one$/u),
  );
});

test.each([
  ["disabled ones too", "enabled: false, context_id: CTX", ["two"]],
  ["not those of other contexts", "context_id: OTHER", []],
  ["nor those of another LightRAG", 'context_id: CTX, lightrag: { api: { url: "http://other:1" } }', []],
])("connectors whose documents may have the names of one's own: %s", (_, second, ids) => {
  const { connectors } = readYaml(yaml("enabled: true", second)).config;
  expect(sharersOf(connectors[0]!, connectors)).toEqual(ids);
});
