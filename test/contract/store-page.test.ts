import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectOf } from "../support/project-of-pages.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const page = projectOf("adding-a-store.md");
const { runCli } = await page.load<typeof import("../support/cli.ts")>("test/support/cli.ts");
const { fillState } = await page.load<typeof import("../support/filled-state.ts")>(
  "test/support/filled-state.ts",
);
const { openState } = await page.load<{
  openState(place: {
    backend: string;
    path: string;
  }): ReturnType<typeof import("../../src/state/open-state.ts")["openState"]>;
}>("src/state/open-state.ts");

// The suites of the contract, as the page runs them.
await page.load("test/contract/state-manager-packed.test.ts");

/** A folder with a state in JSON and the configuration of it. */
async function filledFolder() {
  const folder = temporaryFolder();
  const configure = (state: string) =>
    writeFileSync(
      join(folder, "config.yaml"),
      `memory_api: { url: "http://127.0.0.1:1" }
connectors: [{ id: notes, context_id: ctx-2 }]
state: ${state}
`,
    );
  configure("{ path: ./state.json }");
  await fillState({ backend: "json", path: join(folder, "state.json") }, 3);
  return { folder, configure, type: (...words: string[]) => runCli(words, { cwd: folder }) };
}

test("a state moves into it and back with nothing lost, and the configuration names it", async () => {
  const { folder, configure, type } = await filledFolder();
  const listed = async () => (await type("memories", "--connector-id", "notes", "--json")).out;
  const before = await listed();
  expect(before).toContain(`"memoryId": "m1"`);
  expect(await type("state", "migrate", "--to", "packed")).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, "state.packed")).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  configure("{ backend: packed, path: ./state.packed }");
  expect(await listed()).toBe(before);
  const back = await type("state", "migrate", "--to", "json", "--path", "back.json");
  expect(back).toMatchObject({ code: 0 });
  configure("{ path: ./back.json }");
  expect(await listed()).toBe(before);
});

test("a damaged file is told as such, and one in use as in use", async () => {
  const path = join(temporaryFolder(), "state.packed");
  const place = { backend: "packed", path };
  const state = await openState(place);
  await expect(openState(place)).rejects.toMatchObject({ code: "STATE_LOCKED" });
  await state.saveSyncState({
    ...{ connectorId: "c", contextId: "CTX", watermark: 1, lastCompleteListingAt: 1 },
    ...{ truncated: null, lastListingCount: 1 },
  });
  await state.close();
  const file = readFileSync(path);
  writeFileSync(path, file.subarray(0, file.length - 9));
  await expect(openState(place)).rejects.toMatchObject({ code: "STATE_CORRUPT" });
  writeFileSync(path, file);
  await (await openState(place)).close();
});
