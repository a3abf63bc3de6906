import { readdirSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { ended, startCli } from "../support/cli.ts";
import { eventually } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

test("`demo --open` leaves the page running on its graph, and Ctrl-C ends it and takes everything with it", async () => {
  const TMPDIR = temporaryFolder();
  const child = startCli(["demo", "--open"], temporaryFolder(), { TMPDIR });
  onTestFinished(() => void child.kill("SIGKILL"));
  const answer = ended(child);
  let said = "";
  child.stderr?.on("data", (part: string) => {
    said += part;
  });
  const address = await eventually(() => {
    if (child.exitCode !== null) throw new Error(`it ended: ${said}`);
    return said.includes("Ctrl-C ends it") && (/^page +(\S+)$/mu.exec(said)?.[1] ?? "");
  });
  const page = await fetch(address, { headers: { accept: "text/html" } });
  const html = await page.text();
  expect([page.status, html]).toEqual([200, expect.stringContaining("<script")]);
  for (const [, file = ""] of html.matchAll(/(?:src|href)="([^"]+)"/gu)) {
    expect([file, (await fetch(new URL(file, address))).status]).toEqual([file, 200]);
  }
  const ask = async (path: string) => (await callApi(`${address}api/v1`, "GET", path, { key: null })).body;
  expect(await ask("/session")).toMatchObject({ role: "admin", csrf: null });
  expect((await ask("/graph")).entities).toBeGreaterThan(100);
  child.kill("SIGINT");
  const { code, out } = await answer;
  expect([code, out]).toEqual([0, expect.stringContaining("proved processed")]);
  expect(readdirSync(TMPDIR).filter((name) => name.includes("demo"))).toEqual([]);
});
