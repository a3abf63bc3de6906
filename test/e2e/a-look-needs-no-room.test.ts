import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { startWorld } from "../support/sync-world.ts";

const main = new URL("../../src/main.ts", import.meta.url).pathname;

test.skipIf(process.platform !== "linux")(
  "where no file can grow, status, history and dead-letters still say what is known",
  async () => {
    const { folder: cwd } = await startWorld({ memories: 3 });
    expect(await runCli(["sync"], { cwd })).toMatchObject({ code: 0 });
    for (const [command, known] of [
      ["status", "3 processed"],
      ["history", "success"],
      ["dead-letters list", "no dead letters"],
    ]) {
      const line = `ulimit -f 0; exec "${process.execPath}" "${main}" ${command}`;
      const { status, stdout, stderr } = spawnSync("bash", ["-c", line], { cwd, encoding: "utf8" });
      expect([status, stdout, stderr]).toEqual([0, expect.stringContaining(known ?? ""), expect.any(String)]);
    }
  },
);
