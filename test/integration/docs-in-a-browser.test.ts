import { spawn } from "node:child_process";
import { once } from "node:events";
import { networkInterfaces } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { listConnectors } from "../../src/operations/connectors/list-connectors.ts";
import { startTestApi } from "../support/api-server.ts";
import { debianProgram } from "../support/debian-program.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--virtual-time-budget=20000",
];

/** The page as it stands after its scripts have run. */
async function domOf(chromium: string, url: string): Promise<string> {
  const browser = spawn(chromium, [...flags, `--user-data-dir=${temporaryFolder()}`, "--dump-dom", url], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  onTestFinished(() => void browser.kill("SIGKILL"));
  let dom = "";
  browser.stdout.setEncoding("utf8").on("data", (text) => {
    dom += text;
  });
  await once(browser, "close");
  return dom;
}

function otherAddress(): string | undefined {
  const addresses = Object.values(networkInterfaces()).flatMap((all = []) => all);
  return addresses.find(({ family, internal }) => family === "IPv4" && !internal)?.address;
}

test("the reference can be read in a browser at an address that is not loopback, with and without a slash", async ({
  skip,
}) => {
  const chromium = debianProgram("chromium", "chromium");
  if (chromium === null) return skip("Chromium cannot be had here: apt-get install chromium");
  const address = otherAddress();
  if (address === undefined) return skip("this machine has only loopback addresses");
  const { url } = await startTestApi(
    'api: { host: "0.0.0.0", api_key: configured-key, base_path: /memories }',
  );
  const { port } = new URL(url);
  for (const path of ["/docs", "/memories/docs/"]) {
    const dom = await domOf(chromium, `http://${address}:${port}${path}`);
    expect(dom).toContain(listConnectors.summary);
    expect(dom).toMatch(/<option value="\/memories\/api\/v1"/u);
  }
});
