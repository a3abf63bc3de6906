import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { projectOf } from "../support/project-of-pages.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const page = projectOf("adding-a-channel.md");

const { channelSuite } = await page.load<typeof import("./channel-suite.ts")>(
  "test/contract/channel-suite.ts",
);
const { fileHarness } = await page.load<{ fileHarness: Parameters<typeof channelSuite>[0] }>(
  "test/contract/file-channel-harness.ts",
);
const { runCli } = await page.load<typeof import("../support/cli.ts")>("test/support/cli.ts");

channelSuite(fileHarness);

/** A folder whose configuration has such a channel, with these settings. */
function configured(settings: string): string {
  const folder = temporaryFolder();
  const file = join(folder, "messages.jsonl");
  writeFileSync(
    join(folder, "config.yaml"),
    `memory_api: { url: "http://127.0.0.1:1" }
connectors: [{ id: one, context_id: CTX }]
monitoring: { alerts: { channels: [{ id: ops, type: file, ${settings.replace("FILE", file)} }] } }
`,
  );
  return folder;
}

test("a message goes from the configuration into the file, and the list of channels shows it", async () => {
  const folder = configured("file: FILE");
  expect(await runCli(["alerts", "test", "ops"], { cwd: folder })).toMatchObject({ code: 0 });
  const { events } = JSON.parse(readFileSync(join(folder, "messages.jsonl"), "utf8"));
  expect(events).toMatchObject([{ type: "test" }]);
  const { out } = await runCli(["alerts", "list", "--json"], { cwd: folder });
  expect(JSON.parse(out).channels).toMatchObject([{ id: "ops", type: "file", target: "messages.jsonl" }]);
});

test.each([
  ["webhook_url: https://hooks.example/x", "is not used by type file"],
  ["webhook_url: https://hooks.example/x", "is missing"],
  ["file: messages.jsonl", "must be an absolute path"],
])("settings that do not fit are refused: %s %s", async (settings, said) => {
  const { code, err } = await runCli(["validate"], { cwd: configured(settings) });
  expect(code).not.toBe(0);
  expect(err).toContain(said);
});
