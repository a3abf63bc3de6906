import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

test("a service that would serve nothing does not start, and says why", async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "config.yaml"),
    'memory_api: { url: "http://127.0.0.1:1" }\napi: { enabled: false }',
  );
  const { code, err } = await runCli(["serve", "--api-only"], { cwd: folder });
  expect(code).toBe(2);
  expect(err).toContain("API_DISABLED");
  expect(err).not.toContain("ready");
});
