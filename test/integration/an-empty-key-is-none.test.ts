import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { makeWorld } from "../support/service.ts";

const noKeys = ["--api-key", "", "--lightrag-api-key", ""];

test.each([["check"], ["plan"], ["sync"]])(
  "%s takes an empty key, as a script gives it whose variable is not set, for none",
  async (command) => {
    const { folder, configure } = await makeWorld(1);
    configure("connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all } }]");
    const { code, out, err } = await runCli([command, ...noKeys], { cwd: folder });
    expect(code).toBe(1);
    expect(out + err).toContain("SOURCE_UNAUTHORIZED");
  },
);

test("a command that asks the service takes an empty key for none", async () => {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: [{ id: one, context_id: CTX }]");
  expect(await runCli(["trigger", "one", "--key", ""], { cwd: folder })).toMatchObject({
    err: expect.stringContaining("SERVICE_UNREACHABLE"),
  });
});
