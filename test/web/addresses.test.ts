import type { Page } from "playwright-core";
import { expect, onTestFinished } from "vitest";
import { browserTest, expectAccessible, openPage, startWebWorld } from "../support/web-page.ts";
import { pageAddresses, pages, visit } from "./support/pages.ts";

/** The requests of a page that the service refuses. */
function refusals(page: Page): string[] {
  const refused: string[] = [];
  page.on("response", (response) => {
    if (response.status() >= 400) refused.push(`${response.status()} ${new URL(response.url()).pathname}`);
  });
  onTestFinished(() => void page.removeAllListeners("response"));
  return refused;
}

browserTest(
  "no page asks the service for nonsense of its address; each says what it left out, and shows the rest",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world);
    const refused = refusals(page);
    const addresses = await pageAddresses(world);
    for (const [at, { reads = [] }] of pages.entries()) {
      const nonsense = ["colour", ...reads.map(({ name }) => name)].map((name) => `${name}=%01`);
      await visit(page, `${addresses[at]}?${nonsense.join("&")}`);
      const said = await page.locator(".left-out").first().innerText();
      expect([addresses[at], said.split("; ").length]).toEqual([addresses[at], nonsense.length]);
      expect([addresses[at], await page.getByRole("alert").allInnerTexts()]).toEqual([addresses[at], []]);
    }
    expect(refused).toEqual([]);
  },
  120_000,
);

browserTest("a doubled, a too high and an unknown value of an address are said where they are", async () => {
  const world = await startWebWorld();
  await world.run("nina");
  const page = await openPage(world, "#/memories?tag=boat&tag=sail&connector=nobody");
  const leftOut = page.locator(".left-out");
  await leftOut.getByText("tag=sail").waitFor();
  expect(await leftOut.innerText()).toBe(
    "Left out of the address: tag=sail, one too many; connector=nobody, no connector of this service.",
  );
  await page.getByRole("link", { name: "Tag: boat: remove" }).waitFor();
  await expectAccessible(page, "an address with nonsense");
  await visit(page, "#/?page=99");
  expect(await leftOut.innerText()).toBe("Left out of the address: page=99, the list has one page.");
  await visit(page, "#/errors?open=MEDIA_TOO_LARGE");
  await leftOut.getByText("open=MEDIA_TOO_LARGE").waitFor();
  await visit(page, "#/errors?code=NOPE&page=-3");
  await leftOut.getByText("code=NOPE").waitFor();
  expect([await leftOut.count(), await leftOut.innerText()]).toEqual([1, expect.stringContaining("page=-3")]);
  await visit(page, "#/memories?person=%00%ff&tag=%E0%A4%A");
  await leftOut.getByText("person=%00%ff").waitFor();
  expect(await leftOut.innerText()).toContain("tag=%E0%A4%A, an encoding that cannot be read");
  expect(await page.getByRole("link", { name: /: remove$/u }).count()).toBe(0);
  await visit(page, "#/ask?mode=abc");
  await leftOut.getByText("mode=abc").waitFor();
});

browserTest(
  "what only the service can refuse is said in the words of an address, with no way to try it again",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world, "#/errors?code=NO_SUCH_CODE");
    const alert = page.getByRole("alert");
    for (const address of ["#/errors?code=NO_SUCH_CODE", "#/memories?code=NO_SUCH_CODE"]) {
      await visit(page, address);
      await page.locator(".left-out").getByText("code=NO_SUCH_CODE").waitFor();
      await page.getByRole("heading", { level: 2 }).first().waitFor();
      expect([await alert.count(), await page.getByText("Error: NO_SUCH_CODE").count()]).toEqual([0, 0]);
    }
    await visit(page, "#/?id=boat");
    await page.getByRole("link", { name: "Id has boat: remove" }).click();
    await page.getByRole("link", { name: "nina" }).waitFor();
    for (const address of ["#/connectors/nobody", "#/runs/no-run", "#/graph?connector=nina&entity=Nobody"]) {
      await visit(page, address);
      await alert.waitFor();
      expect([address, await page.getByRole("button", { name: "Try again" }).count()]).toEqual([address, 0]);
    }
  },
);

browserTest(
  "of memories near an unknown place, or of a span that is none, the rest is shown, and what is wrong said",
  async () => {
    const world = await startWebWorld();
    await world.run("nina");
    const page = await openPage(
      world,
      "#/memories?connector=nina&near=Nowhere%20at%20all&radius=5&since=2025-09-01",
    );
    const leftOut = page.locator(".left-out");
    await leftOut.getByText("near=Nowhere at all").waitFor();
    expect(await leftOut.innerText()).toMatch(/near=Nowhere at all, no town that is known: .+\.$/u);
    await page.getByRole("grid", { name: "Memories" }).getByRole("row").first().waitFor();
    expect(await page.getByRole("link", { name: /: remove$/u }).allInnerTexts()).toEqual([
      "Connector: nina",
      "Since: 1 Sept 2025",
    ]);
    await visit(page, "#/memories?since=2025-09-05&until=2025-09-04");
    await leftOut.getByText("until=2025-09-04, before since.").waitFor();
    // Which comes first of a day and a time, the service alone knows.
    await visit(page, "#/memories?since=2025-09-05&until=2025-09-01T10:00:00Z");
    await leftOut.getByText("until=2025-09-01T10:00:00Z, before since.").waitFor();
    await page.getByRole("grid", { name: "Memories" }).getByRole("row").first().waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    await expectAccessible(page, "a place that is unknown");
  },
);

browserTest(
  "in a form a last day before the first one is said at its field, and nothing is asked",
  async () => {
    const world = await startWebWorld();
    const page = await openPage(world);
    for (const [address, first, last, send] of [
      ["#/memories", "First day", "Last day", "Search"],
      ["#/ask?since=2025-09-05", "From", "To", "Ask"],
      ["#/service/audit", "First day", "Last day", "Filter"],
    ] as const) {
      await visit(page, address);
      if (send === "Ask") await page.getByRole("textbox", { name: "Question" }).fill("Who dives?");
      await page.getByLabel(first, { exact: true }).fill("2025-09-05");
      await page.getByLabel(last, { exact: true }).fill("2025-09-04");
      const button = page.locator("main").getByRole("button", { name: send, exact: true });
      await button.click();
      const said = await page.evaluate("document.querySelector('main [name=until]').validationMessage");
      expect([address, said]).toEqual([address, "The last day is before the first one."]);
      expect(new URL(page.url()).hash).toBe(address);
      await page.getByLabel(last, { exact: true }).fill("2025-09-05");
      await button.click();
      await page.waitForURL(/until=2025-09-05/u);
    }
  },
);

browserTest("an id of any length leaves room in the title of the tab", async () => {
  const id = `long-${"x".repeat(190)}-end`;
  const world = await startWebWorld();
  const page = await openPage(world, `#/memories/nina/NINA/${id}`);
  await page.getByRole("alert").waitFor();
  const title = await page.title();
  expect([title.length, title]).toEqual([
    60 + " · memory-connector".length,
    expect.stringMatching(/^long-x+…x+-end · /u),
  ]);
});
