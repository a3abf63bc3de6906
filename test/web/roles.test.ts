import { expect } from "vitest";
import { eventually } from "../support/service.ts";
import { browserTest, openPage, startWebWorld } from "../support/web-page.ts";
import { pageAddresses, visit } from "./support/pages.ts";
import { refusalCode, sendRefusedSeahorses } from "./support/refused-seahorses.ts";

/** Whoever may look may also ask a question. */
const looks = ["GET", "POST /api/v1/query"];

browserTest(
  "whatever a viewer finds to press on any page, the service lets them do, and it changes nothing",
  async () => {
    const world = await startWebWorld();
    await sendRefusedSeahorses(world);
    await world.api("POST", "/connectors/boatyard/pause");
    const { memories } = await world.api("GET", "/memories?connectorId=seagrass&limit=100");
    const ofState = (status: string) => memories.find((each: { status: string }) => each.status === status);
    const memoryAddresses = ["dead", "processed"].map((status) => {
      const { connectorId, contextId, memoryId } = ofState(status);
      return `#/memories/${connectorId}/${contextId}/${memoryId}`;
    });
    const page = await openPage(world, "#/", { as: "viewer" });
    const [asked, refused, pressed] = [[] as string[], [] as string[], [] as string[]];
    page.on("response", (response) => {
      const [request, { pathname }] = [response.request(), new URL(response.url())];
      asked.push(request.method() === "GET" ? "GET" : `${request.method()} ${pathname}`);
      if ([401, 403].includes(response.status())) refused.push(`${request.method()} ${pathname}`);
    });
    const addresses = [...(await pageAddresses(world)), `#/errors?open=${refusalCode}`, ...memoryAddresses];
    for (const address of addresses) {
      await visit(page, address);
      for (const summary of await page.locator("main summary").all()) await summary.click();
      for (const button of await page.locator("main button:visible").all()) {
        if ((await button.count()) === 0 || (await button.isDisabled())) continue;
        pressed.push(`${address} ${await button.innerText()}`);
        await button.click();
      }
      await eventually(async () => (await page.locator("main .waiting").count()) === 0);
    }
    expect(refused).toEqual([]);
    expect([...new Set(asked)].filter((each) => !looks.includes(each))).toEqual([]);
    expect(
      pressed.filter((each) => /\b(?:Run|Pause|Forget|Replay|Drop|Resume|Send a test)\b/u.test(each)),
    ).toEqual([]);
  },
  200_000,
);
