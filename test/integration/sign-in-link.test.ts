import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { askForSession, signIn } from "../support/browser.ts";
import { hasPty, startOnPty } from "../support/pty.ts";
import { makeWorld, startService } from "../support/service.ts";

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

test("what goes into a pipe has the address of the page alone", async () => {
  const { folder, configure } = await makeWorld(1);
  configure("connectors: []");
  const service = await startService(folder);
  expect(service.url("page")).toBe(`${service.url("api")}/`);
  expect(service.said()).not.toContain("link=");
  await service.stop();
});
