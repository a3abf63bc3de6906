import { expect, inject } from "vitest";
import { callApi } from "../support/api-client.ts";
import { eventually, startProgram } from "../support/service.ts";
import { browserTest, expectAccessible, openPage, pictures, startWebWorld } from "../support/web-page.ts";
import { startReceiver } from "../support/webhook-receiver.ts";

const rules = [{ consecutive_failures: 1 }, { dead_letters_over: 10 }];

async function alertingWorld() {
  const receiver = await startReceiver();
  const alerts = {
    enabled: true,
    alert_on: rules,
    channels: [{ id: "ops", type: "webhook", webhook_url: `${receiver.url}/hook` }],
  };
  const monitoring = { private_addresses: ["127.0.0.0/8"], alerts };
  return { receiver, ...(await startWebWorld(0, "", { more: { monitoring } })) };
}

browserTest(
  "an alert is raised and goes away again, with its reason, while one looks at the page",
  async () => {
    const world = await alertingWorld();
    const page = await openPage(world, "#/service");
    await page.getByRole("heading", { level: 1, name: "No alert is raised." }).waitFor();
    await page.locator(".live").waitFor();
    await world.run("museum");
    await page
      .getByRole("heading", { level: 1, name: /^1 alert is raised: 1 run of museum failed/u })
      .waitFor();
    const raised = page.getByRole("region", { name: "Raised now" });
    expect(await raised.innerText()).toMatch(
      /since \d\d:\d\d[\s\S]*SOURCE_[\s\S]*the last run of a connector failed/u,
    );
    expect(await page.getByRole("region", { name: "What is watched" }).innerText()).toMatch(
      /Raised[\s\S]*consecutive_failures[\s\S]*Not raised[\s\S]*dead_letters_over/u,
    );
    await expectAccessible(page);
    await pictures(page, "alerts");
    world.memoryApi.put("MUSEUM");
    await world.run("museum");
    await page.getByRole("heading", { level: 1, name: "No alert is raised." }).waitFor();
    await page.getByRole("region", { name: "Over" }).getByText("1 run of museum failed").waitFor();
  },
);

browserTest("a channel is tried, and what came back is said beside it", async () => {
  const world = await alertingWorld();
  const page = await openPage(world, "#/service");
  const channels = page.getByRole("region", { name: "Channels" });
  await channels.getByText("Nothing waits").waitFor();
  await channels.getByRole("button", { name: "Send a test to ops" }).click();
  await channels.getByText("The test was taken").waitFor();
  expect(world.receiver.posts).toHaveLength(1);
  world.receiver.reactions.push(500);
  await channels.getByRole("button", { name: "Send a test to ops" }).click();
  await channels
    .getByRole("alert")
    .getByText(/CHANNEL_/u)
    .waitFor();
  expect(await channels.getByText("The test was taken").count()).toBe(0);
  await expectAccessible(page);
});

browserTest("the alert leads to the connector behind it", async () => {
  const world = await alertingWorld();
  await world.run("museum");
  const page = await openPage(world, "#/service");
  await page.getByRole("link", { name: "Go to museum" }).click();
  await page.waitForURL(/#\/connectors\/museum$/u);
});

browserTest(
  "a key is made, used, rotated while one is signed in with it, and refused when its time is over",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world, "#/service/keys");
    const whoIs = async (key: string) => (await callApi(world.url, "GET", "/api/v1/session", { key })).status;
    const shown = page.getByLabel("The key", { exact: true });
    await page.getByRole("heading", { level: 1, name: "2 keys are in force; 1 was never used." }).waitFor();
    await page.getByRole("button", { name: "New key…" }).click();
    await page.getByLabel("What it is for").fill("ops");
    await page.getByLabel("What it may do").selectOption("admin");
    await page.getByRole("button", { name: "Make the key ops" }).click();
    const first = await shown.inputValue();
    const hasFocus = "document.activeElement.closest('[aria-label=\"The key ops\"]') !== null";
    await eventually(async () => (await page.evaluate(hasFocus)) as boolean);
    await expectAccessible(page);
    expect(await whoIs(first)).toBe(200);
    expect(page.url()).not.toContain(first);
    const kept = "JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])";
    expect(await page.evaluate(kept)).not.toContain(first);
    await page.getByRole("button", { name: "I have it" }).click();
    expect(await page.content()).not.toContain(first);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByRole("heading", { level: 1, name: "Who is there?" }).waitFor();
    await page.getByLabel("Key", { exact: true }).fill(first);
    await page.getByLabel("Key", { exact: true }).press("Enter");
    const own = page.getByRole("listitem").filter({ hasText: "You are signed in with it" });
    await own.getByRole("heading", { name: "ops" }).waitFor();
    expect(await own.innerText()).toMatch(/last used[\s\S]*1 browser signed in/u);
    await page.getByRole("button", { name: "Rotate ops…" }).click();
    await page.getByText("this page signs in with the new one by itself").waitFor();
    await page.getByLabel("How long the old key works on").selectOption("0");
    await expectAccessible(page);
    await pictures(page, "keys");
    await page.getByRole("button", { name: "Rotate ops", exact: true }).click();
    await page.getByRole("status").getByText("ops has a new key.").waitFor();
    const second = await shown.inputValue();
    expect([second === first, await whoIs(first), await whoIs(second)]).toEqual([false, 401, 200]);
    await page.getByRole("button", { name: "I have it" }).click();
    await own.getByRole("heading", { name: "ops" }).waitFor();
    await page.getByText("1 key that has ended").click();
    await page.getByText(/Refused since/u).waitFor();
    await page.getByRole("button", { name: "Revoke ops…" }).click();
    await page.getByText("you are signed out at once, here too").waitFor();
    await page.getByRole("button", { name: "Revoke ops", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Who is there?" }).waitFor();
    expect(await whoIs(second)).toBe(401);
    const { entries } = await world.api("GET", "/audit?action=key");
    expect(entries.map(({ action }: { action: string }) => action).slice(0, 3)).toEqual([
      ...["key.revoke", "key.rotate", "key.create"],
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/mck_/u);
  },
);

browserTest("a key that is rotated with time left works on until then, which the page says", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/service/keys");
  await page.getByRole("button", { name: "Rotate viewer of the tests…" }).click();
  await page.getByRole("button", { name: "Rotate viewer of the tests", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: /^3 keys are in force; .*1 will end/u }).waitFor();
  await page.getByText(/^Ends in (24 h|1 day)/u).waitFor();
  expect((await callApi(world.url, "GET", "/api/v1/session", { key: world.keys.viewer })).status).toBe(200);
});

browserTest("the audit log is kept to what one looks for, and that has an address", async () => {
  const world = await startWebWorld();
  await world.api("POST", "/connectors/boatyard/pause");
  await world.api("POST", "/connectors/boatyard/resume");
  await world.api("POST", "/connectors/nina/pause");
  const page = await openPage(world, "#/service/audit");
  await page.getByRole("heading", { level: 1, name: /^The latest, .*signed in\.$/u }).waitFor();
  await page.getByLabel("What was done").selectOption("connector");
  await page.getByLabel("To what").fill("boatyard");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.getByRole("heading", { level: 1, name: "2 changes of this kind." }).waitFor();
  expect(page.url()).toContain("#/service/audit?action=connector&subject=boatyard");
  const entries = page.getByRole("region", { name: "Entries" });
  expect(await entries.getByRole("listitem").allInnerTexts()).toEqual([
    expect.stringMatching(/resumed boatyard/u),
    expect.stringMatching(/paused boatyard/u),
  ]);
  await entries.getByText("connector.pause").click();
  await entries.getByText("Hash before").waitFor();
  await expectAccessible(page);
  await pictures(page, "audit");
  await page.getByRole("link", { name: "To what: boatyard: remove" }).click();
  await page.getByRole("heading", { level: 1, name: "3 changes of this kind." }).waitFor();
  await page.goto(`${world.url}/#/service/audit?action=connector.explode`);
  await page.locator(".left-out").getByText("action=connector.explode").waitFor();
  await page.goto(`${world.url}/#/service/audit?since=2031-01-01&until=2030-01-01`);
  await page.locator(".left-out").getByText("until=2030-01-01, before since.").waitFor();
});

browserTest("older entries are brought when asked for, and the log is verified in words", async () => {
  const world = await startWebWorld();
  for (let turn = 0; turn < 30; turn++) {
    await world.api("POST", "/connectors/boatyard/pause");
    await world.api("POST", "/connectors/boatyard/resume");
  }
  const page = await openPage(world, "#/service/audit?subject=boatyard");
  const entries = page.getByRole("region", { name: "Entries" }).getByRole("listitem");
  await page.getByRole("heading", { level: 1, name: "More than 50 changes of this kind." }).waitFor();
  await page.getByRole("button", { name: "Show older ones" }).click();
  await page.getByRole("heading", { level: 1, name: "60 changes of this kind." }).waitFor();
  expect(await entries.count()).toBe(60);
  await page.getByRole("button", { name: "Verify the log" }).click();
  await page.getByText("It is as it was written").waitFor();
  const said = await page.getByRole("region", { name: "Verification" }).innerText();
  const [, end = ""] = /Its end is (\d+:[\da-f]{64})/u.exec(said) ?? [];
  expect(said).toMatch(/\d+ entries were read; none was changed, moved, put in or removed\./u);
  const noted = page.getByLabel(/An end that was noted earlier/u);
  await noted.fill(end);
  await page.getByRole("button", { name: "Verify the log" }).click();
  await page.getByText("It is as it was written").waitFor();
  await noted.fill(end.replace(/.$/u, (last) => (last === "0" ? "1" : "0")));
  await page.getByRole("button", { name: "Verify the log" }).click();
  await page.getByText("It is not as it was written").waitFor();
  await expectAccessible(page);
});

browserTest("the doctor says what fails first, why and what to do, and looks again when asked", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/service/doctor?offline=true");
  await page.getByRole("heading", { level: 1, name: /^All \d+ checks pass\.$|needs? a look\.$/u }).waitFor();
  await page.getByRole("link", { name: "Try source and LightRAG, too" }).click();
  await page.getByRole("heading", { level: 1, name: /checks? fails?\.$/u }).waitFor();
  const checks = page.getByRole("region", { name: "Checks" }).getByRole("listitem");
  expect(await checks.first().innerText()).toMatch(/Fails[\s\S]*What to do:/u);
  await expectAccessible(page);
  await pictures(page, "doctor");
  world.memoryApi.put("MUSEUM");
  await page.getByRole("button", { name: "Run again" }).click();
  await eventually(async () => !(await checks.first().innerText()).startsWith("Fails"));
});

browserTest(
  "the configuration is found by words, with where each value comes from and no secret",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world, "#/service/configuration");
    await page.getByRole("heading", { level: 1, name: /^\d+ settings are set/u }).waitFor();
    await expectAccessible(page);
    await pictures(page, "configuration");
    await page.locator("main").getByRole("searchbox").fill("timeout 30");
    await page.getByText("memory_api", { exact: true }).waitFor();
    expect(page.url()).toContain("q=timeout+30");
    expect(await page.locator("main").innerText()).toMatch(/timeout\s+30 default/u);
    await page.locator("main").getByRole("searchbox").fill("api_key");
    const found = await page.locator("main").innerText();
    expect(found).toMatch(/api_key\s+\*\*\* line \d+ of the file/u);
    await page.locator("main").getByRole("searchbox").fill("");
    await page.getByLabel(/^Show the \d+ defaults, too$/u).check();
    const all = await page.content();
    for (const secret of [world.keys.admin, world.memoryApi.key]) expect(all).not.toContain(secret);
    await page.locator("main").getByRole("searchbox").fill("no such thing");
    await page.getByRole("heading", { name: "No setting is like this" }).waitFor();
  },
);

browserTest(
  "a viewer reads alerts, is told in a sentence what is for admins, and sees no button",
  async () => {
    const world = await alertingWorld();
    await world.run("museum");
    const page = await openPage(world, "#/service", { as: "viewer" });
    await page.getByRole("heading", { level: 1, name: /^1 alert is raised/u }).waitFor();
    expect(await page.locator("main").getByRole("button").count()).toBe(0);
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    for (const [tab, title] of [
      ["Audit", "The audit log is for admins."],
      ["Keys", "The list of keys is for admins."],
      ["Doctor", "The doctor is for admins."],
      ["Configuration", "The configuration is for admins."],
    ] as const) {
      const pages = page.getByRole("navigation", { name: "Pages about the service" });
      await pages.getByRole("link", { name: tab }).click();
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      expect(await page.locator("main").getByRole("button").count()).toBe(0);
      expect(await pages.getByRole("link", { name: tab }).getAttribute("aria-current")).toBe("page");
    }
    await expectAccessible(page);
    expect(asked.filter((url) => /\/api\/v1\/(audit|keys|doctor|configuration)/u.test(url))).toEqual([]);
  },
);

browserTest("a process that serves the API alone tells of alerts and keys as well", async () => {
  const world = await alertingWorld();
  const replica = await startProgram(inject("program"), world.folder, "--api-only");
  const { origin: url } = new URL(replica.url("api"));
  const page = await openPage({ ...world, url }, "#/service");
  await page.getByRole("heading", { level: 1, name: "No alert is raised." }).waitFor();
  await world.run("museum");
  await page.getByRole("heading", { level: 1, name: /^1 alert is raised/u }).waitFor();
  await page.getByRole("link", { name: "Keys" }).click();
  await page.getByRole("button", { name: "Revoke viewer of the tests…" }).click();
  await page.getByRole("button", { name: "Revoke viewer of the tests", exact: true }).click();
  await page.getByText("1 key that has ended").waitFor();
  expect((await callApi(world.url, "GET", "/api/v1/session", { key: world.keys.viewer })).status).toBe(401);
});

browserTest("below the path of a proxy the pages about the service work as well", async () => {
  const world = await startWebWorld(0, "/memories");
  const page = await openPage({ ...world, url: `${world.url}/memories` }, "#/service/keys");
  await page.getByRole("heading", { level: 1, name: /in force/u }).waitFor();
  await page.getByRole("link", { name: "Configuration" }).click();
  await page.getByText("/memories").first().waitFor();
});
