import { expect } from "vitest";
import { browserTest, expectAccessible, openPage, startWebWorld } from "../support/web-page.ts";

browserTest("a run shows its phases, its counts, and where its memories are", async () => {
  const world = await startWebWorld();
  const { runId } = await world.run("nina");
  const page = await openPage(world, `#/runs/${runId}`);
  await page.getByRole("heading", { level: 1, name: /^nina, .*40 new, 39 proved\.$/u }).waitFor();
  const phases = await page.getByRole("list", { name: "Phases" }).innerText();
  for (const phase of ["Connect", "Reconcile", "Discover", "Deliver"]) expect(phases).toContain(phase);
  await expectAccessible(page);
  await page.getByRole("link", { name: "39", exact: true }).click();
  await page.waitForURL(/#\/memories\?connector=nina&status=processed/u);
});

browserTest("a run that failed says by its code what that means and what helps", async () => {
  const world = await startWebWorld();
  const { runId } = await world.run("museum");
  const page = await openPage(world, `#/runs/${runId}`);
  const errors = page.getByRole("region", { name: "Errors" });
  await errors.getByText("The source has no context of this name (404).").waitFor();
  expect(await errors.innerText()).toMatch(
    /SOURCE_CONTEXT_NOT_FOUND[\s\S]*What to do: check the connector's context_id/u,
  );
  await page.getByRole("link", { name: "museum", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "museum: failed." }).waitFor();
  expect(await page.evaluate("document.activeElement.tagName")).toBe("H1");
  await expectAccessible(page);
});
