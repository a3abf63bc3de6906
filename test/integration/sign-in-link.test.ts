import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readConnectionFiles } from "../../src/api/access/connection-file.ts";
import { askForSession, signIn } from "../support/browser.ts";
import { hasPty, startOnPty } from "../support/pty.ts";
import { adminKey, cliJson, makeWorld, startService } from "../support/service.ts";

test.runIf(hasPty)(
  "on a terminal `serve` prints a link that signs in once, and keeps it nowhere",
  async () => {
    const { folder, configure } = await makeWorld(1);
    configure(
      "connectors: []\nlogging: { level: debug, file: { enabled: true, path: ./service.log } }\nstate: { path: ./state.db }",
    );
    const service = startOnPty(["serve", "--port", "0"], { cwd: folder });
    await service.shows("ready");
    const [, url = "", link = ""] = /page +(\S+?)\/#\/sign-in\?link=(\S+)/u.exec(service.shown()) ?? [];
    expect(link).toMatch(/^mct_[\w-]{32}$/u);
    const browser = await signIn(url, { link });
    expect((await browser.call("GET", "/api/v1/session")).body).toMatchObject({
      role: "admin",
      name: "command line",
    });
    const again = await askForSession(url, { link });
    expect([again.status, again.body.code, again.body.title]).toEqual([
      ...[401, "API_LINK_REFUSED", "this link was used already, or is too old"],
    ]);
    expect(again.body.hint).toContain("prints a new link");
    const files = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((each) =>
      each.isFile(),
    );
    const kept = files.map(({ parentPath, name }) => readFileSync(join(parentPath, name)).toString("latin1"));
    expect(kept.filter((content) => content.includes(link))).toEqual([]);
    // A hang-up would not end it: a service reads its configuration again.
    service.type("\u0003");
    expect(await service.ended).toBe(0);
  },
);

test("where it listens everywhere, and below a path, the printed addresses are ones that open here", async () => {
  const { folder, configure } = await makeWorld(1);
  configure("connectors: []\nstate: { path: ./state.db }", {
    api: `{ api_key: ${adminKey}, host: 0.0.0.0, base_path: /deep/er }`,
  });
  const service = await startService(folder);
  const page = service.url("page");
  expect(page).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/deep\/er\/$/u);
  expect(service.url("api")).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
  expect((await fetch(page)).status).toBe(200);
  // A tool's links are below the address that the service is found by.
  const [connection] = readConnectionFiles(join(folder, "state.db"));
  expect(`${connection?.url}/`).toBe(page);
  expect(await cliJson(folder, "status")).toMatchObject({ connectors: [] });
  await service.stop();
});

test("what goes into a pipe has the address of the page alone", async () => {
  const { folder, configure } = await makeWorld(1);
  configure("connectors: []");
  const service = await startService(folder);
  expect(service.url("page")).toBe(`${service.url("api")}/`);
  expect(service.said()).not.toContain("link=");
  await service.stop();
});
