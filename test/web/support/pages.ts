import type { Page } from "playwright-core";
import { eventually } from "../../support/service.ts";
import type { WebWorld } from "../../support/web-page.ts";

/** The router's own table, so that no page can be forgotten; by its URL, as it is typed for browsers. */
const table = new URL("../../../web/shell/pages.ts", import.meta.url).href;
export const { pages }: { pages: readonly { address: string; reads?: readonly { name: string }[] }[] } =
  await import(table);

/** An address for each page of the router, with something on it. A page with a new parameter has to be given an example here. */
export async function pageAddresses(world: Pick<WebWorld, "run" | "api">): Promise<string[]> {
  const { runId } = await world.run("nina");
  const { memories } = await world.api("GET", "/memories?connectorId=nina&limit=1");
  const { connectorId, contextId, memoryId } = memories[0];
  const examples: Record<string, string> = { id: connectorId, connectorId, contextId, memoryId, runId };
  const exampleOf = (name: string) => {
    const example = examples[name];
    if (example === undefined) throw new Error(`name an example of “${name}” in ${import.meta.filename}`);
    return encodeURIComponent(example);
  };
  return pages.map(({ address }) => `#${address.replaceAll(/:(\w+)/gu, (_, name) => exampleOf(name))}`);
}

/** Goes to an address and resolves once nothing is waited for on the page. */
export async function visit(page: Page, address: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(address)}`);
  await page.locator("main h1").waitFor();
  await eventually(async () => (await page.locator("main .waiting").count()) === 0);
}
