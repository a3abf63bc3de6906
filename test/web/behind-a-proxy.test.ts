import { expect } from "vitest";
import { debianProgram } from "../support/debian-program.ts";
import { plainServer, shippedServer, startNginx } from "../support/nginx.ts";
import { browserTest, openPage, startWebWorld } from "../support/web-page.ts";
import { pageAddresses, visit } from "./support/pages.ts";

const nginx = debianProgram("nginx", "nginx-light");
const basePath = "/memories";

browserTest(
  "behind nginx and a path every page is shown, live, and what changes things is done",
  async ({ skip }) => {
    if (nginx === null) return skip("nginx cannot be had here: apt-get install nginx-light");
    const world = await startWebWorld(0, basePath);
    const front = await startNginx(nginx, (port) => shippedServer(world.url, port));
    const page = await openPage({ ...world, url: `${front}${basePath}` }, "#/", { as: null });
    await page.getByLabel("Key").fill(world.keys.admin);
    await page.getByLabel("Key").press("Enter");
    await page.locator(".live").waitFor();
    for (const address of await pageAddresses(world)) {
      await visit(page, address);
      expect([address, await page.getByRole("alert").allInnerTexts()]).toEqual([address, []]);
    }
    await visit(page, "#/connectors/boatyard");
    await page.getByRole("button", { name: "Pause…" }).click();
    await page.getByRole("button", { name: "Pause boatyard" }).click();
    await page.getByRole("status").getByText("boatyard is paused.").waitFor();
    expect(new URL(page.url()).pathname).toBe(`${basePath}/`);
  },
);

browserTest(
  "behind an nginx that nobody has adapted the page is there, and says which setting is missing",
  async ({ skip }) => {
    if (nginx === null) return skip("nginx cannot be had here: apt-get install nginx-light");
    const world = await startWebWorld();
    const url = await startNginx(nginx, (port) => plainServer(world.url, port));
    const page = await openPage({ ...world, url }, "#/", { as: null });
    await page.getByLabel("Key").fill(world.keys.admin);
    await page.getByLabel("Key").press("Enter");
    const refusal = await page.getByRole("alert").innerText();
    expect(refusal).toContain("API_ORIGIN_REFUSED");
    expect(refusal).toContain("api.allowed_hosts");
  },
);
