import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { JsonListServer } from "../support/json-list-server.ts";
import { browserTest, expectAccessible, openPage, startWebWorld, widths } from "../support/web-page.ts";

browserTest(
  "a connector is made and changed in a form made from the schema, each after its plan",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world);
    await page.getByRole("link", { name: "New connector" }).click();
    await page.getByLabel("id", { exact: true }).fill("harbour");
    await page.getByLabel("context_id", { exact: true }).fill("BOATYARD");
    await page.getByText("When the connector runs by itself.").click();
    await page.getByLabel("type", { exact: true }).first().selectOption("interval");
    await page.getByLabel("interval_hours").fill("often");
    await page.getByRole("button", { name: "See what changes" }).click();
    await page.getByRole("alert").getByText("schedule.interval_hours").waitFor();
    expect(await page.getByRole("alert").innerText()).not.toContain("connectors[");
    expect(await page.getByRole("button", { name: "Make it" }).count()).toBe(0);
    await page.getByLabel("interval_hours").fill("2");
    await expectAccessible(page);
    await page.getByRole("button", { name: "See what changes" }).click();
    await page.getByRole("button", { name: "Make it" }).click();
    await page.getByRole("link", { name: "Look and change…" }).click();
    await page.getByLabel("description", { exact: true }).fill("of the harbour");
    await page.getByRole("button", { name: "See what changes" }).click();
    await page.getByRole("button", { name: "Change 1 setting" }).click();
    await page.getByRole("status").getByText("harbour is changed.").waitFor();
    await page.getByText("of the harbour").waitFor();
    const { settings } = await world.api("GET", "/connectors/harbour");
    expect(settings).toMatchObject({
      context_id: "BOATYARD",
      description: "of the harbour",
      schedule: { interval_hours: 2 },
    });
  },
);

/** A connector of the API, and the form of its settings with a description typed into it. */
async function editHarbour() {
  const world = await startWebWorld();
  const made = { id: "harbour", context_id: "BOATYARD", schedule: { type: "manual" } };
  await world.api("POST", "/connectors", made);
  const page = await openPage(world, "#/connectors/harbour/settings");
  await page.getByLabel("description", { exact: true }).fill("mine");
  return { world, made, page, box: page.getByRole("alert", { name: "harbour was changed by someone else" }) };
}

browserTest(
  "a change that somebody else has made meanwhile is shown beside mine, and taken without losing mine",
  async () => {
    const { world, made, page, box } = await editHarbour();
    await page.getByRole("button", { name: "See what changes" }).click();
    const change = page.getByRole("button", { name: "Change 1 setting" });
    await change.waitFor();
    await world.api("PUT", "/connectors/harbour", { ...made, description: "theirs", context_id: "DOCK" });
    await change.click();
    await box.waitFor();
    await page.locator("[aria-label='harbour was changed by someone else']:focus").waitFor();
    expect(await box.innerText()).toMatch(/description\s+default\s+theirs\s+mine/u);
    expect(await box.innerText()).toMatch(/context_id\s+BOATYARD\s+DOCK\s+as before/u);
    await expectAccessible(page);
    await box.getByRole("button", { name: "Take theirs, keep what I typed" }).click();
    expect(await page.getByLabel("context_id", { exact: true }).inputValue()).toBe("DOCK");
    expect(await page.evaluate("document.activeElement.tagName")).toBe("FORM");
    await page.getByRole("button", { name: "See what changes" }).click();
    await change.click();
    await page.getByRole("status").getByText("harbour is changed.").waitFor();
    const { settings } = await world.api("GET", "/connectors/harbour");
    expect(settings).toMatchObject({ description: "mine", context_id: "DOCK" });
  },
);

browserTest(
  "a form says by itself that its connector has changed, and gives its own changes up",
  async () => {
    const { world, made, page, box } = await editHarbour();
    const theirs = { ...made, description: "theirs", schedule: { type: "interval", interval_hours: 2 } };
    await world.api("PUT", "/connectors/harbour", theirs);
    await page.getByRole("status").getByText("harbour was changed by someone else just now.").waitFor();
    expect(await page.getByLabel("description", { exact: true }).inputValue()).toBe("mine");
    await box.getByRole("button", { name: "Throw mine away" }).click();
    expect(await page.getByLabel("description", { exact: true }).inputValue()).toBe("theirs");
    expect(await box.count()).toBe(0);
  },
);

browserTest("what is refused as a whole is said where the button is, with the keyboard there", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/new-connector", { width: widths.narrow });
  await page.getByLabel("id", { exact: true }).fill("nina");
  await page.getByLabel("context_id", { exact: true }).fill("HARBOUR");
  const see = page.getByRole("button", { name: "See what changes" });
  await see.click();
  await page.locator("[id='id'][aria-invalid=true]:focus").waitFor();
  await page.getByText("is that of another connector").first().waitFor();
  await page.getByLabel("id", { exact: true }).fill("harbour");
  // A proxy in between: the service itself goes on, and so does its stream.
  await page.route("**/api/v1/connectors?dry_run=true", (route) => route.fulfill({ status: 502, body: "" }));
  await see.click();
  const trouble = page.getByRole("alert").filter({ hasText: "SERVICE_UNREACHABLE" });
  await trouble.waitFor();
  await page.locator(":focus", { hasText: "SERVICE_UNREACHABLE" }).waitFor();
  const sight = await page.evaluate(
    "(({ top, bottom }) => [top >= 0, bottom <= innerHeight])(document.activeElement.getBoundingClientRect())",
  );
  expect(sight).toEqual([true, true]);
  expect(await see.isVisible()).toBe(true);
});

browserTest("what is typed of one kind of source goes over to no other, and is there on return", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/new-connector");
  const kind = page.getByLabel("source", { exact: true });
  const field = (name: string) => page.locator(`[id='source.${name}']`);
  await kind.selectOption("folder");
  await field("path").fill("./vault");
  await kind.selectOption("http_json");
  expect(await field("path").inputValue()).toBe("");
  await field("url").fill("http://old.example:1");
  await field("api_key").fill("a-key-of-the-old-server");
  await kind.selectOption("joplin");
  expect(await field("url").inputValue()).toBe("");
  await kind.selectOption("http_json");
  expect(await field("url").inputValue()).toBe("http://old.example:1");
  expect(await field("api_key").inputValue()).toBe("a-key-of-the-old-server");
  await kind.selectOption("folder");
  expect(await field("path").inputValue()).toBe("./vault");
});

browserTest(
  "a half-filled form is there again after another page, in no storage, until it is thrown away",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world, "#/new-connector");
    await page.getByLabel("id", { exact: true }).click();
    await page.getByLabel("id", { exact: true }).fill("harbour");
    await page.getByLabel("source", { exact: true }).selectOption("push");
    await page.locator("[id='source.signing_secret']").fill("a-secret-of-programs-1");
    await page.getByRole("link", { name: "Overview" }).first().click();
    await page.getByRole("link", { name: "New connector" }).click();
    await page.getByText("What you typed here before is still here").waitFor();
    expect(await page.getByLabel("id", { exact: true }).inputValue()).toBe("harbour");
    expect(await page.locator("[id='source.signing_secret']").inputValue()).toBe("a-secret-of-programs-1");
    expect(
      await page.evaluate("JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state])"),
    ).not.toContain("a-secret");
    const asked = page.waitForEvent("dialog");
    void page.reload().catch(() => undefined);
    const question = await asked;
    expect(question.type()).toBe("beforeunload");
    await question.dismiss();
    await page.getByRole("button", { name: "Throw it away" }).click();
    expect(await page.getByLabel("id", { exact: true }).inputValue()).toBe("");
    await page.reload();
    await page.getByLabel("id", { exact: true }).waitFor();
  },
);

browserTest(
  "a connector of the configuration file is not changed here, and the page says where",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world, "#/connectors/nina/settings");
    await page.getByText("nina is made in the configuration file").waitFor();
    expect(await page.locator("main form").count()).toBe(0);
  },
);

browserTest(
  "no secret that is typed is in the text of the page, and each is hidden until it is to be seen",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world, "#/new-connector");
    await page.getByLabel("id", { exact: true }).fill("harbour");
    await page.getByLabel("context_id", { exact: true }).fill("HARBOUR");
    await page.getByLabel("source", { exact: true }).selectOption("push");
    await page.locator("[id='source.signing_secret']").fill("a-secret-of-programs-1");
    await page.locator("summary", { hasText: "webhook" }).click();
    const secret = page.locator("[id='webhook.signing_secret']");
    await secret.fill("a-secret-of-a-webhook-2");
    expect(await secret.getAttribute("type")).toBe("password");
    await page.getByRole("button", { name: "See what changes" }).click();
    const plan = page.getByRole("region", { name: "Plan: make the connector" });
    await plan.getByText("source.signing_secret").waitFor();
    expect(await plan.innerText()).toMatch(/source\.signing_secret\s+\*\*\*/iu);
    expect(await page.locator("body").innerText()).not.toMatch(/a-secret-/u);
    await page.getByRole("button", { name: "Show webhook.signing_secret" }).click();
    expect(await secret.getAttribute("type")).toBe("text");
    expect(await secret.inputValue()).toBe("a-secret-of-a-webhook-2");
  },
);

browserTest("what the form finds wrong comes first, counted, and the service is not asked", async () => {
  const world = await startWebWorld();
  const page = await openPage(world, "#/new-connector");
  const asked: string[] = [];
  page.on("request", (request) => request.method() === "POST" && asked.push(request.url()));
  await page.getByLabel("source", { exact: true }).selectOption("in_memory");
  const memories = page.locator("[id='source.memories']");
  await memories.fill("a boat");
  await page.getByRole("button", { name: "See what changes" }).click();
  await page.getByText("2 fields are to be mended first: id, source.memories.").waitFor();
  await page.locator("[id='id']:focus").waitFor();
  await page.getByLabel("id", { exact: true }).fill("harbour");
  await page.getByRole("button", { name: "Try both ends" }).click();
  await page.getByText("1 field is to be mended first: source.memories.").waitFor();
  await page.locator("[id='source.memories']:focus").waitFor();
  // What is wrong with one kind does not stand in the way of another.
  await page.getByLabel("source", { exact: true }).selectOption("folder");
  await page.getByRole("button", { name: "See what changes" }).click();
  await page.getByText("1 field is to be mended first: source.path.").waitFor();
  expect(asked).toEqual([]);
  await page.getByLabel("context_id", { exact: true }).fill("HARBOUR");
  await page.getByLabel("source", { exact: true }).selectOption("in_memory");
  await memories.fill('[{"id": "one"}]');
  await page.getByRole("button", { name: "See what changes" }).click();
  await page.locator("[id='source.memories'][aria-invalid=true]:focus").waitFor();
  await page
    .getByText(/^memories\[0\]\.created_at /u)
    .first()
    .waitFor();
  await page.getByLabel("source", { exact: true }).selectOption("push");
  await page.getByText("When the connector runs by itself.").click();
  await page.getByLabel("type", { exact: true }).first().selectOption("manual");
  await page.getByRole("button", { name: "See what changes" }).click();
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("status").getByText("harbour is made. It runs when somebody starts it.").waitFor();
});

/** Goes to the form and fills what every connector has. */
async function beginConnector(page: Page, id: string): Promise<void> {
  await page.goto(`${page.url().split("#")[0]}#/new-connector`);
  await page.getByLabel("id", { exact: true }).fill(id);
  await page.getByLabel("context_id", { exact: true }).fill(id.toUpperCase());
}

async function make(page: Page): Promise<void> {
  await page.getByRole("button", { name: "See what changes" }).click();
  await page.getByRole("button", { name: "Make it" }).click();
  await page.getByRole("link", { name: "Look and change…" }).waitFor();
}

browserTest(
  "a folder of notes becomes a connector by choosing its kind, and is tried before it is made",
  async () => {
    const world = await startWebWorld(0, "", {
      prepare: async (folder) => {
        mkdirSync(join(folder, "vault"));
        writeFileSync(join(folder, "vault/boat.md"), "The Gaivota goes back into the water.");
      },
    });
    const page = await openPage(world);
    await beginConnector(page, "vault");
    const kind = page.getByLabel("source", { exact: true });
    expect(await kind.locator("option").allInnerTexts()).toContain(
      "folder: a folder of notes: Markdown, text",
    );
    await kind.selectOption("folder");
    const path = page.locator("[id='source.path']");
    expect(await path.getAttribute("placeholder")).toBe("such as ./vault");
    await path.fill("./nowhere");
    await expectAccessible(page);
    const ends = page.getByRole("status", { name: "Both ends" });
    await page.getByRole("button", { name: "Try both ends" }).click();
    await ends.getByText("Fails").waitFor();
    expect(await ends.innerText()).toMatch(/nowhere[\s\S]*SOURCE_/u);
    await path.fill("./vault");
    expect(await ends.count()).toBe(0);
    await page.getByRole("button", { name: "Try both ends" }).click();
    await ends.getByText("can be read").waitFor();
    expect(await ends.getByText("Fails").count()).toBe(0);
    await expectAccessible(page);
    await make(page);
    expect((await world.api("GET", "/connectors/vault")).settings.source).toEqual({
      ...{ type: "folder", path: "./vault" },
    });
    expect((await world.run("vault")).counts).toMatchObject({ fetched: 1, failed: 0 });
  },
);

browserTest(
  "a list with a key in a header is declared in the form, mended at its fields, and changed later with the key kept",
  async () => {
    const world = await startWebWorld();
    const server = await new JsonListServer().start();
    server.items = [{ id: "one", text: "Zoë mends a kayak.", at: "2026-03-01T08:15:00Z" }];
    const page = await openPage(world);
    await beginConnector(page, "notes");
    const field = (name: string) => page.locator(`[id='source.${name}']`);
    const open = (group: string) => page.locator("fieldset summary", { hasText: group }).first().click();
    await page.getByLabel("source", { exact: true }).selectOption("memos");
    await field("url").fill("127.0.0.1");
    await field("token").fill("a-token-of-another-server");
    await page.getByLabel("source", { exact: true }).selectOption("http_json");
    expect(await field("url").inputValue()).toBe("");
    await field("url").fill("127.0.0.1");
    await field("path").fill("/notes");
    await field("items").fill("data.notes");
    await field("api_key").fill("wrong-key");
    expect(await field("api_key").getAttribute("type")).toBe("password");
    await open("How the key is sent");
    await field("auth.in").selectOption("header");
    await field("auth.name").fill("not a name");
    await open("Where an item has what");
    await field("fields.created_at").fill("at");
    await page.getByRole("button", { name: "See what changes" }).click();
    await page.locator("[id='source.url'][aria-invalid=true]:focus").waitFor();
    await page.locator("[id='source.auth.name'][aria-invalid=true]").waitFor();
    await expectAccessible(page);
    await field("url").fill(server.url);
    await field("auth.name").fill("x-api-key");
    const ends = page.getByRole("status", { name: "Both ends" });
    await page.getByRole("button", { name: "Try both ends" }).click();
    await ends.getByText("SOURCE_UNAUTHORIZED").waitFor();
    await field("api_key").fill("right-key");
    await page.getByRole("button", { name: "Try both ends" }).click();
    await ends.getByText("the key is accepted").waitFor();
    await make(page);
    expect((await world.run("notes")).counts).toMatchObject({ fetched: 1, failed: 0 });
    await page.getByRole("link", { name: "Look and change…" }).click();
    expect(await field("auth.name").inputValue()).toBe("x-api-key");
    expect(await field("fields.created_at").isVisible()).toBe(true);
    const key = field("api_key");
    expect([await key.inputValue(), await key.getAttribute("placeholder")]).toEqual([
      "",
      "kept; type to replace it",
    ]);
    expect(await page.getByRole("button", { name: "Show source.api_key" }).count()).toBe(0);
    await page.getByRole("button", { name: "Remove source.api_key" }).click();
    await page.getByRole("button", { name: "Keep source.api_key" }).click();
    await key.fill("another-key");
    await key.fill("");
    await field("memory_type").fill("letter");
    await page.getByRole("button", { name: "Try both ends" }).click();
    await ends.getByText("the key is accepted").waitFor();
    await page.getByRole("button", { name: "See what changes" }).click();
    await page.getByRole("button", { name: "Change 1 setting" }).click();
    await page.getByRole("status").getByText("notes is changed.").waitFor();
    server.items = [{ id: "two", text: "Ada dives.", at: "2026-03-02T08:15:00Z" }, ...server.items];
    expect((await world.run("notes")).counts).toMatchObject({ fetched: 2, failed: 0 });
    const { settings } = await world.api("GET", "/connectors/notes");
    expect(settings.source).toMatchObject({
      memory_type: "letter",
      auth: { in: "header", name: "x-api-key" },
    });
    expect(settings.source).not.toHaveProperty("token");
  },
);
