import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";

const hardEnd = new URL("hard-end.ts", import.meta.url).href;

function run(script: string) {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return once(child, "exit");
}

test("a process whose main thread never comes round is ended after its time", async () => {
  const hanging = `const { endFromThread } = await import("${hardEnd}"); endFromThread(100); for (;;);`;
  expect(await run(hanging)).toEqual([null, "SIGTERM"]);
});

test("a process that is to be ended is not kept alive for it", async () => {
  const ending = `const { endFromThread } = await import("${hardEnd}"); endFromThread(3_600_000);`;
  expect(await run(ending)).toEqual([0, null]);
});
