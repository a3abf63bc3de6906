import type { Page } from "playwright-core";
import { expect } from "vitest";
import { hangsUp, startTcpFront } from "../support/tcp-front.ts";
import { browserTest, openPage, startWebWorld } from "../support/web-page.ts";

/** A world behind a way to it that can be cut. */
async function startCuttableWorld() {
  const world = await startWebWorld();
  const front = await startTcpFront(Number(new URL(world.url).port));
  const cut = () => {
    front.misbehave(hangsUp);
    front.cut();
  };
  return { ...world, url: `http://127.0.0.1:${front.port}`, cut, mend: () => front.misbehave(null) };
}

const away = (page: Page) => page.getByText(/^Not live since \d\d:\d\d\.$/u);

browserTest(
  "while the service is away the page says since when, keeps what it shows, and is right again by itself",
  async () => {
    const world = await startCuttableWorld();
    const page = await openPage(world);
    await page.locator(".live").waitFor();
    const nina = page.locator("tr", { hasText: "nina" });
    await nina.getByText("Never ran").waitFor();
    world.cut();
    await away(page).waitFor();
    expect(await nina.getByText("Never ran").count()).toBe(1);
    await world.run("nina");
    world.mend();
    await nina.getByText("Up to date").waitFor();
    await page.locator(".live").waitFor();
    expect(await away(page).count()).toBe(0);
  },
);

browserTest(
  "a page whose file was not loaded yet says that the service is away in words of its own, and opens once it is back",
  async () => {
    const world = await startCuttableWorld();
    const page = await openPage(world);
    await page.locator(".live").waitFor();
    await page.locator("tr", { hasText: "nina" }).waitFor();
    world.cut();
    await away(page).waitFor();
    await page.getByRole("navigation", { name: "Pages", exact: true }).getByText("Timeline").click();
    const alert = page.getByRole("alert");
    await alert.getByText("SERVICE_UNREACHABLE").waitFor();
    expect(await alert.innerText()).not.toMatch(/fetch|import|module/iu);
    await page.getByRole("heading", { level: 1, name: "Timeline" }).waitFor();
    await page.goBack();
    await page.locator("tr", { hasText: "nina" }).waitFor();
    expect(await page.locator(".flow").innerText()).toContain("memories known");
    await page.goForward();
    await alert.getByText("SERVICE_UNREACHABLE").waitFor();
    world.mend();
    await page.getByText("once a run has read them").waitFor();
    expect(await alert.count()).toBe(0);
  },
);

browserTest("a plan that could not be made while the service was away is made once it is back", async () => {
  const world = await startCuttableWorld();
  const page = await openPage(world);
  await page.locator(".live").waitFor();
  await page.locator("tr", { hasText: "nina" }).waitFor();
  world.cut();
  await away(page).waitFor();
  await page.getByRole("button", { name: "Run all now…" }).click();
  const plan = page.getByRole("region", { name: "Plan: run all connectors now" });
  await plan.getByText("SERVICE_UNREACHABLE").waitFor();
  world.mend();
  await plan.getByRole("button", { name: "Run 5 connectors" }).waitFor();
  expect(await plan.getByText("SERVICE_UNREACHABLE").count()).toBe(0);
});

browserTest(
  "while the service is away a page that was not opened yet has its own name and the ways from it",
  async () => {
    const world = await startCuttableWorld();
    const page = await openPage(world, "#/memories");
    await page.locator(".live").waitFor();
    await page.getByText("They appear here once a connector has run.").waitFor();
    world.cut();
    await away(page).waitFor();
    for (const [address, name] of [
      ["#/", "Overview"],
      ["#/service", "Alerts"],
      ["#/service/audit", "Audit"],
      ["#/runs/some", "Run"],
    ] as const) {
      await page.evaluate(`location.hash = ${JSON.stringify(address)}`);
      await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
      expect([address, await page.title()]).toEqual([address, `${name} · memory-connector`]);
      const others = page.getByRole("navigation", { name: "Pages about the service" });
      expect([address, await others.count()]).toEqual([address, address.startsWith("#/service") ? 1 : 0]);
    }
  },
);

browserTest(
  "the overview shows while the service is away what another page was told of the connectors",
  async () => {
    const world = await startCuttableWorld();
    const page = await openPage(world, "#/", { as: null });
    await page.route("**/connectors?runs=*", (asked) => asked.abort("connectionrefused"));
    await page.getByLabel("Key").fill(world.keys.admin);
    await page.getByLabel("Key").press("Enter");
    await page.getByRole("alert").getByText("SERVICE_UNREACHABLE").waitFor();
    await page.evaluate("location.hash = '#/timeline'");
    await page.getByText("once a run has read them").waitFor();
    world.cut();
    await away(page).waitFor();
    await page.evaluate("location.hash = '#/'");
    await page.locator("tr", { hasText: "nina" }).getByText("Never ran").waitFor();
    await page.getByRole("alert").getByText("SERVICE_UNREACHABLE").waitFor();
  },
);
