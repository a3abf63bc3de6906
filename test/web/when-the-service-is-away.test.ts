import { expect } from "vitest";
import { hangsUp, startTcpFront } from "../support/tcp-front.ts";
import { browserTest, openPage, startWebWorld } from "../support/web-page.ts";

browserTest(
  "while the service is away the page says since when, keeps what it shows, and is right again by itself",
  async () => {
    const world = await startWebWorld();
    const front = await startTcpFront(Number(new URL(world.url).port));
    const page = await openPage({ ...world, url: `http://127.0.0.1:${front.port}` });
    await page.locator(".live").waitFor();
    const nina = page.locator("tr", { hasText: "nina" });
    await nina.getByText("Never ran").waitFor();
    front.misbehave(hangsUp);
    front.cut();
    await page.getByText(/^Not live since \d\d:\d\d\.$/u).waitFor();
    expect(await nina.getByText("Never ran").count()).toBe(1);
    await world.run("nina");
    front.misbehave(null);
    await nina.getByText("Up to date").waitFor();
    await page.locator(".live").waitFor();
    expect(await page.getByText(/^Not live since/u).count()).toBe(0);
  },
);
