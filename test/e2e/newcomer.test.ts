import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ended, startCli } from "../support/cli.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { cliJson, eventually, makeWorld, startService } from "../support/service.ts";

const hasCurl = spawnSync("curl", ["--version"]).status === 0;

test.skipIf(!hasCurl)(
  "a newcomer's path (needs curl): init, check, serve, a connector made with the README's own curl, its run, its history",
  async () => {
    const { folder, memoryApi, lightrag } = await makeWorld();
    memoryApi.put("CTX123", ...makeApiMemories(3, Date.now()));
    const run = (...args: string[]) => ended(startCli(args, folder));

    expect(await run("init")).toMatchObject({ code: 0 });
    putIn(folder, { "http://127.0.0.1:8080": memoryApi.url, "http://localhost:9621": lightrag.url });
    writeFileSync(join(folder, ".env"), `MEMORY_API_KEY=${memoryApi.key}\n`);
    expect(await run("check")).toMatchObject({
      code: 0,
      out: expect.stringContaining("the context is there"),
    });
    const { key } = await cliJson(folder, "keys", "create", "--name", "me", "--role", "admin");

    const service = await startService(folder);
    const made = await shell(readmeCurl(), service.url("api"), key);
    expect(JSON.parse(made.out)).toMatchObject({ id: "personal", origin: "api" });
    await eventually(async () => {
      const { runs } = await cliJson(folder, "history", "--connector-id", "personal");
      return runs[0]?.outcome === "success";
    });
    expect((await run("history", "--connector-id", "personal")).out).toContain("success");
    expect(lightrag.documents().map(({ status }) => status)).toEqual(Array(3).fill("processed"));
    expect((await service.stop()).code).toBe(0);
  },
);

/** The only command of the README that makes a connector. */
function readmeCurl(): string {
  const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
  const command = /^curl [^\n]*\/connectors \\\n[^\n]*$/mu.exec(readme)?.[0];
  if (command === undefined) throw new Error("the README shows no curl command that makes a connector");
  return command;
}

function shell(command: string, api: string, key: string) {
  const here = command.replace("http://127.0.0.1:9622", api);
  return ended(spawn("sh", ["-c", here], { env: { PATH: process.env.PATH ?? "", KEY: key } }));
}

/** A newcomer puts in the addresses. */
function putIn(folder: string, addresses: Record<string, string>): void {
  const path = join(folder, "config.yaml");
  let text = readFileSync(path, "utf8");
  for (const [example, real] of Object.entries(addresses)) text = text.replaceAll(example, real);
  writeFileSync(path, text);
}
