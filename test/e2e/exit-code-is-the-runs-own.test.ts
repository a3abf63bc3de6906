import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { eventually, makeWorld } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const connector = "connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all } }]";

/** Runs a line of shell in which `mc` is the command; resolves to what the line prints. */
function shell(folder: string, line: string): Promise<string> {
  const script = `mc() { "${process.execPath}" "${main}" "$@"; }\n${line}`;
  return new Promise((resolve) => {
    execFile("bash", ["-c", script], { cwd: folder }, (_, stdout, stderr) => resolve(`${stdout}${stderr}`));
  });
}

/** A folder whose `sync` succeeds, or fails because nothing listens there. */
async function folderWith({ works }: { works: boolean }): Promise<string> {
  const { folder, configure } = await makeWorld();
  const nowhere = `{ url: "http://127.0.0.1:1", max_retries: 0 }`;
  configure(connector, works ? {} : { memory_api: nowhere });
  return folder;
}

const streams = [
  ["stdout is a closed pipe", "mc sync > >(true)"],
  ["stderr is a closed pipe", "mc sync 2> >(true)"],
  ["both are closed from the start", "mc sync >&- 2>&-"],
  ["stdin is closed", "mc sync <&- >/dev/null 2>&1"],
  ["stderr is a full disk", "mc sync 2>/dev/full >/dev/null"],
] as const;

test.each(streams)("%s: a success is 0 and a failure is 1", async (_, line) => {
  const good = await folderWith({ works: true });
  expect(await shell(good, `${line}; echo "code $?"`)).toContain("code 0");
  const bad = await folderWith({ works: false });
  expect(await shell(bad, `${line}; echo "code $?"`)).toContain("code 1");
});

test("a result that could not be written is an error of its own, told in one line", async () => {
  const folder = await folderWith({ works: true });
  const said = await shell(folder, `mc sync >/dev/full; echo "code $?"`);
  expect(said).toContain("code 1");
  expect(said.match(/^OUTPUT_NOT_WRITTEN: .*ENOSPC.*$/gmu)).toHaveLength(1);
  expect(said).not.toMatch(/^\s+at /mu);
  const wrong = await shell(folder, `mc sync --config nope.yaml >/dev/full; echo "code $?"`);
  expect(wrong).toContain("code 2");
});

test("a sync whose progress nobody reads goes on to its end", async () => {
  const { folder, lightrag, configure } = await makeWorld(20);
  configure(connector);
  lightrag.options.processingMs = 50;
  const line = `{ mc sync 2>&1 1>out; echo "code $?" >code; } | head -1`;
  await shell(folder, line);
  await eventually(() => lightrag.documents().filter(({ status }) => status === "processed").length === 20);
  expect(await shell(folder, "cat code")).toBe("code 0\n");
  expect(await shell(folder, "cat out")).toContain("one: success");
});

test("a slow reader gets all of it", async () => {
  const folder = temporaryFolder();
  const connectors = Array.from({ length: 3000 }, (_, index) => `  - { id: c${index}, context_id: CTX }`);
  const yaml = ['memory_api: { url: "http://127.0.0.1:1" }', "connectors:", ...connectors].join("\n");
  writeFileSync(join(folder, "config.yaml"), yaml);
  const whole = Number(await shell(folder, "mc list --json >whole 2>/dev/null; wc -c <whole"));
  expect(whole).toBeGreaterThan(1_000_000);
  const read = await shell(folder, "mc list --json 2>/dev/null | { sleep 1; wc -c; }");
  expect(Number(read)).toBe(whole);
});
