import { expect, inject } from "vitest";
import { hasPty, startOnPty } from "../support/pty.ts";
import { browserTest, openPage, startWebWorld, type WebWorld } from "../support/web-page.ts";
import { pageAddresses, visit } from "./support/pages.ts";

/** A second process on the state of a world that serves and runs nothing, on a terminal, as a person starts it. */
async function startReplica({ folder }: WebWorld) {
  const session = startOnPty(["serve", "--api-only", "--port", "0"], {
    cwd: folder,
    columns: 400,
    program: inject("program"),
  });
  await session.shows("ready");
  const [, link = ""] = /page\s+(\S+#\/sign-in\?link=\S+)/u.exec(session.shown()) ?? [];
  return { link, url: new URL(link).origin };
}

browserTest(
  "the link that a terminal shows signs in once, and the replica behind it shows and does what its service does",
  async ({ skip }) => {
    if (!hasPty) return skip("no Python 3 is here to open a terminal");
    const world = await startWebWorld(400);
    const replica = { ...world, ...(await startReplica(world)) };
    const signIn = replica.link.slice(replica.link.indexOf("#"));
    const page = await openPage(replica, signIn, { as: null });
    await page.locator("tr", { hasText: "seagrass" }).waitFor();
    expect(page.url()).not.toContain("link=");
    for (const address of await pageAddresses(world)) {
      await visit(page, address);
      expect([address, await page.getByRole("alert").allInnerTexts()]).toEqual([address, []]);
    }
    await visit(page, "#/connectors/seagrass");
    await page.getByRole("button", { name: "Run now…" }).click();
    await page.getByRole("button", { name: "Send 24 documents" }).click();
    await page
      .getByRole("region", { name: "Run under way" })
      .getByText(/of 24 settled/u)
      .waitFor();
    await page.getByRole("heading", { level: 1, name: "seagrass: up to date." }).waitFor();
    const second = await openPage(replica, signIn, { as: null });
    await second.getByRole("alert").getByText("API_LINK_REFUSED").waitFor();
    await second.getByLabel("Key").waitFor();
  },
);
