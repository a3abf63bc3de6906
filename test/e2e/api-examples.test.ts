import { spawn, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";
import { adminKey, eventually, makeWorld, startService } from "../support/service.ts";
import { codeBlocks, docPages, typedLines } from "../support/shell-blocks.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const page = readFileSync(join(import.meta.dirname, "../../docs/api.md"), "utf8");
const block = /## Examples\n\n```sh\n(?<commands>.*?)```/su.exec(page)?.groups?.commands ?? "";
const commands = block
  .replaceAll("\\\n", "")
  .split("\n")
  .filter((line) => line.startsWith("curl "));

const noCurl = spawnSync("curl", ["--version"]).status === 0 ? null : "skipped: no curl";
/** curl's exit code when its time is up. */
const timeIsUp = 28;

/** Runs a command line as the page has it; curl fails on HTTP errors, and when its time is up. */
function run(command: string, api: string, seconds: number) {
  const settings = temporaryFolder();
  writeFileSync(join(settings, ".curlrc"), `silent\nshow-error\nfail-with-body\nmax-time = ${seconds}\n`);
  const env = { PATH: process.env.PATH ?? "", CURL_HOME: settings, API: api, KEY: adminKey };
  const { status, stdout } = spawnSync("bash", ["-c", command], { env, encoding: "utf8" });
  return { status, out: stdout };
}

test.skipIf(noCurl !== null)(
  "the examples of the API's page work as they stand, one after the other",
  async () => {
    const { folder, memoryApi, configure } = await makeWorld(0);
    const [memory] = makeApiMemories(1, Date.now());
    memoryApi.put("CTX123", { ...memory!, id: "m1", transcript: "Ivan: Zoë mends the old kayak in Lisbon." });
    configure("connectors: []", { lightrag: "{ mode: direct, direct: { working_dir: ./lightrag } }" });
    const service = await startService(folder);
    const api = service.url("api");
    const isIdle = async () => !(await callApi(api, "GET", "/connectors/personal/status")).body.activeRun;
    expect(commands.length).toBeGreaterThan(10);
    for (const command of commands) {
      await eventually(isIdle);
      const isStream = command.includes("/events");
      const { status, out } = run(command, api, isStream ? 3 : 60);
      expect({ command, out, status }).toEqual({ command, out, status: isStream ? timeIsUp : 0 });
      expect(isStream ? out : JSON.parse(out)).toEqual(
        isStream ? expect.stringContaining(": listening\nretry: 3000\n\n") : expect.any(Object),
      );
    }
    await service.stop();
  },
);

/** Those of other pages; the one of the README is a newcomer's, who has a test of his own, and so have those that send memories. */
const elsewhere = docPages
  .filter(({ path }) => !["docs/api.md", "docs/guides/push.md", "README.md"].includes(path))
  .flatMap(typedLines)
  .filter((line) => line.startsWith("curl "));

test.skipIf(noCurl !== null)("so do those of other pages", async () => {
  const { folder, configure } = await makeWorld(1);
  configure("connectors: []");
  const service = await startService(folder);
  expect(elsewhere.length).toBeGreaterThan(0);
  for (const command of elsewhere) {
    const here = command.replace("http://127.0.0.1:9622", service.url("api")).replace("-o ", `-o ${folder}/`);
    expect({ command, ...run(here, service.url("api"), 60) }).toMatchObject({ command, status: 0 });
  }
  await service.stop();
});

test("a web page hears of a run by the script that is shown", async () => {
  const { folder, configure } = await makeWorld(1);
  configure("connectors: [{ id: personal, context_id: CTX }]");
  const service = await startService(folder);
  const [script] = docPages
    .filter(({ path }) => path === "docs/api.md")
    .flatMap(codeBlocks)
    .filter(({ language }) => language === "js");
  // A page's addresses are relative to the page; this one has none.
  const code = (script?.text ?? "").replaceAll(/(["`])events/gu, `$1${service.url("api")}/events`);
  const page = spawn(process.execPath, [
    "--experimental-eventsource",
    "--input-type=module",
    "--eval",
    `const key = "${adminKey}";\n${code}\nevents.onopen = () => console.log("open");`,
  ]);
  onTestFinished(() => void page.kill("SIGKILL"));
  let heard = "";
  for (const stream of [page.stdout, page.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      heard += text;
    });
  await eventually(() => heard.includes("open"));
  await callApi(service.url("api"), "POST", "/connectors/personal/trigger", {});
  await eventually(() => heard.includes("outcome: 'success'"));
  await service.stop();
});
