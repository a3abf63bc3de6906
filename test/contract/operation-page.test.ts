import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectOf } from "../support/project-of-pages.ts";

const page = projectOf("adding-an-operation.md");

type Doors = typeof import("../support/both-doors.ts");
type Cli = typeof import("../support/cli.ts");
type FilledState = typeof import("../support/filled-state.ts");
type Calls = typeof import("../support/api-client.ts");
type Folders = typeof import("../support/temp-folder.ts");

const { askCommand, copyOf, offeredOperations, withService } = await page.load<Doors>(
  "test/support/both-doors.ts",
);
const { runCli } = await page.load<Cli>("test/support/cli.ts");
const { callApi } = await page.load<Calls>("test/support/api-client.ts");
const { fillState } = await page.load<FilledState>("test/support/filled-state.ts");
const { temporaryFolder } = await page.load<Folders>("test/support/temp-folder.ts");

const adminKey = "admin-key-of-the-tests";

/** A folder with a connector that has memories, and a service's configuration. */
async function filledFolder(): Promise<string> {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "config.yaml"),
    `api: { api_key: ${adminKey} }
memory_api: { url: "http://127.0.0.1:1" }
state: { path: ./state.json }
connectors: [{ id: notes, context_id: CTX, schedule: { type: manual } }]
`,
  );
  await fillState({ backend: "json", path: join(folder, "state.json") }, 3);
  return folder;
}

test("route and command answer the same", async () => {
  const folder = await filledFolder();
  const typed = await askCommand(copyOf(folder), ["count", "notes"]);
  const asked = await withService(folder, (url) => callApi(url, "GET", "/api/v1/connectors/notes/count"));
  expect(asked.status).toBe(200);
  expect(typed).toEqual({ answer: asked.body });
  expect(asked.body.counts).toMatchObject({ pending: 10, processed: 10, dead: 0 });
});

test("both refuse an unknown connector in the same words", async () => {
  const folder = await filledFolder();
  const typed = await askCommand(copyOf(folder), ["count", "nobody"]);
  const { body } = await withService(folder, (url) => callApi(url, "GET", "/connectors/nobody/count"));
  expect(typed).toEqual({ code: body.code, message: body.title, subject: body.subject });
  expect(typed).toMatchObject({ code: "CONNECTOR_UNKNOWN", subject: "nobody" });
});

test("help and reference tell of it", async () => {
  expect((await runCli(["count", "--help"])).out).toContain("Count a connector's memories");
  const { body } = await withService(await filledFolder(), (url) => callApi(url, "GET", "/openapi.json"));
  expect(body.paths["/connectors/{id}/count"].get.summary).toBe(
    "Count a connector's memories by where they stand",
  );
  expect(offeredOperations().get("memory.count")?.commands).toEqual(["count"]);
});

test("a viewer may look and not change; a change is recorded with who made it, a look is not", async () => {
  await withService(await filledFolder(), async (url) => {
    const { body: made } = await callApi(url, "POST", "/keys", { body: { name: "eyes", role: "viewer" } });
    const asViewer = { key: made.key };
    expect((await callApi(url, "GET", "/connectors/notes/count", { key: null })).status).toBe(401);
    expect((await callApi(url, "GET", "/connectors/notes/count", asViewer)).status).toBe(200);
    expect((await callApi(url, "POST", "/keys/revoke-viewers", asViewer)).status).toBe(403);
    const { body } = await callApi(url, "POST", "/keys/revoke-viewers");
    expect(body.revoked).toMatchObject([{ id: made.id, name: "eyes" }]);
    expect((await callApi(url, "GET", "/connectors/notes/count", asViewer)).status).toBe(401);
    const { body: audit } = await callApi(url, "GET", "/audit");
    expect(
      audit.entries.map(({ action, subject }: { action: string; subject: string }) => [action, subject]),
    ).toEqual([
      ["key.revoke", made.id],
      ["key.create", made.id],
    ]);
  });
});
