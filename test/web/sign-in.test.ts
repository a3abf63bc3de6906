import { expect } from "vitest";
import { eventually } from "../support/service.ts";
import { browserTest, expectAccessible, openPage, startWebWorld } from "../support/web-page.ts";

browserTest(
  "a first visit asks for a key, refuses a wrong one with what helps, and then shows what was asked for",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world, "#/connectors/nina", { as: null });
    await page.getByRole("heading", { level: 1, name: "Who is there?" }).waitFor();
    await expectAccessible(page);
    await page.getByLabel("Key").fill("a-wrong-key");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("alert").getByText("API_KEY_REFUSED").waitFor();
    await page.getByLabel("Key").fill(world.keys.admin);
    await page.getByLabel("Key").press("Enter");
    await page.getByRole("heading", { level: 1, name: "nina: never ran." }).waitFor();
    expect(await page.evaluate("document.cookie")).toBe("");
  },
);

browserTest(
  "a link that was used is refused in words of a link, and whoever is signed in has the way on",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world, "#/sign-in?link=mct_used", { as: null });
    const alert = page.getByRole("alert");
    await alert.getByText("API_LINK_REFUSED").waitFor();
    expect(await alert.innerText()).toMatch(/used already[\s\S]*sign in with a key[\s\S]*new link/iu);
    await expectAccessible(page);
    await page.getByLabel("Key").fill(world.keys.viewer);
    await page.getByLabel("Key").press("Enter");
    await page.getByRole("link", { name: "nina" }).waitFor();
    await page.goto(`${world.url}/#/sign-in?link=mct_used`);
    await alert.getByText("API_LINK_REFUSED").waitFor();
    await page.goto(`${world.url}/#/sign-in`);
    await alert.waitFor({ state: "detached" });
    await page.getByRole("link", { name: "Go to the overview" }).click();
    await page.getByRole("link", { name: "nina" }).waitFor();
  },
);

browserTest("signing out leaves nothing to see, also after a reload", async () => {
  const world = await startWebWorld();
  const page = await openPage(world);
  await page.getByRole("link", { name: "nina" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { level: 1, name: "Who is there?" }).waitFor();
  await page.getByText("You have signed out.").waitFor();
  expect(await page.getByText("nina").count()).toBe(0);
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Who is there?" }).waitFor();
});

browserTest("a key that is revoked takes its page along, without a reload, and with the reason", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/", { as: "viewer" });
  await page.locator(".live").waitFor();
  await page.evaluate(noteBanners);
  const { keys } = await world.api("GET", "/keys");
  const viewer = keys.find(({ name }: { name: string }) => name === "viewer of the tests");
  await world.api("DELETE", `/keys/${viewer.id}`);
  await page.getByRole("heading", { level: 1, name: "Who is there?" }).waitFor();
  await page
    .getByText(/^You were signed out\. [^,]*: the key that its session stood for is no longer in force\.$/u)
    .waitFor();
  expect(await page.evaluate("globalThis.banners")).toEqual([]);
  await page.getByLabel("Key").fill(world.keys.admin);
  await page.getByLabel("Key").press("Enter");
  await page.getByRole("link", { name: "nina" }).waitFor();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { level: 1, name: "Who is there?" }).waitFor();
  expect(await page.getByText("You were signed out").count()).toBe(0);
});

/** What is said of an outage from now on, also for a moment only. */
const noteBanners = `
  globalThis.banners = [];
  new MutationObserver(() => {
    const banner = document.querySelector(".banner");
    if (banner !== null) globalThis.banners.push(banner.innerText);
  }).observe(document.body, { childList: true, subtree: true });
`;

browserTest("where no key is asked for, nobody is said to be signed in", async () => {
  const world = await startWebWorld(0, "", { more: { api: { enable_auth: false } } });
  const page = await openPage(world, "#/", { as: null });
  await page.getByRole("link", { name: "nina" }).waitFor();
  await page.getByText("No key is asked for: whoever reaches this page may do everything.").waitFor();
  expect(await page.getByText("Signed in").count()).toBe(0);
  expect(await page.getByRole("button", { name: "Sign out" }).count()).toBe(0);
});

browserTest("the theme that was chosen stays, and every control is reached with the keyboard", async () => {
  const world = await startWebWorld();
  const page = await openPage(world);
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the page");
  await page.keyboard.press("Enter");
  expect(await page.evaluate("document.activeElement.id")).toBe("main");
  await page.getByRole("button", { name: "Change to dark" }).press("Enter");
  await page.reload();
  await eventually(async () => (await page.evaluate("document.documentElement.dataset.theme")) === "dark");
});
