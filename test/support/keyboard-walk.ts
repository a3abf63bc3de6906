import type { Page } from "playwright-core";
import { expect } from "vitest";

/** What of a page cannot be used with the keyboard alone, in words; empty when all of it can. */
export async function keyboardFaults(page: Page): Promise<string[]> {
  const controls = (await page.evaluate(prepare)) as number;
  const faults: string[] = [];
  // A field of a day is several stops.
  for (let stop = 0; stop < 3 * controls + 20; stop += 1) {
    await page.keyboard.press("Tab");
    const { found, left } = (await page.evaluate(look)) as { found: string[]; left: number };
    faults.push(...found);
    if (left === 0) break;
  }
  faults.push(...((await page.evaluate(unreached)) as string[]));
  return [...new Set(faults)];
}

/** Opens each plan of the page with the keyboard: it takes the focus, Escape closes it, and the focus is where it came from. */
export async function planFaults(page: Page): Promise<string[]> {
  const openers = page.locator("main button", { hasText: /…$/u });
  const faults: string[] = [];
  for (let index = 0; index < (await openers.count()); index += 1) {
    const opener = openers.nth(index);
    const name = await opener.innerText();
    await opener.press("Enter");
    const plan = page.locator(".plan");
    const isOpened = await plan.waitFor({ timeout: 10_000 }).then(
      () => true,
      () => false,
    );
    if (!isOpened) {
      faults.push(`“${name}” opens no plan`);
      continue;
    }
    await has(page, "document.querySelector('.plan')?.contains(document.activeElement)", () =>
      faults.push(`the plan of “${name}” does not take the focus`),
    );
    await page.keyboard.press("Escape");
    await plan.waitFor({ state: "detached" });
    await has(page, `document.activeElement.innerText === ${JSON.stringify(name)}`, () =>
      faults.push(`“${name}” does not get the focus back`),
    );
  }
  return faults;
}

/** Effects of a page come a moment after what it draws. */
async function has(page: Page, condition: string, otherwise: () => void): Promise<void> {
  await expect
    .poll(() => page.evaluate(condition), { timeout: 10_000 })
    .toBe(true)
    .catch(otherwise);
}

/** Notes every control that is seen, with its look without the focus. Returns how many there are. */
const prepare = `(() => {
  document.activeElement.blur();
  getSelection().removeAllRanges();
  const kinds = "a[href], button:enabled, input:enabled, select:enabled, textarea:enabled, summary, audio[controls], [tabindex='0']";
  const seen = [...document.querySelectorAll(kinds)].filter((each) => each.tabIndex >= 0 && each.checkVisibility());
  // Of radio buttons the keyboard reaches one, and arrows the others.
  const stops = seen.filter((each) => each.type !== "radio" || each.checked);
  const lookOf = (each) => {
    const { outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor, color } = getComputedStyle(each);
    return JSON.stringify([outlineStyle, outlineWidth, boxShadow, borderColor, backgroundColor, color]);
  };
  const nameOf = (each) => each.outerHTML.replace(/\\s+/g, " ").slice(0, 160);
  globalThis.walk = { left: new Map(stops.map((each) => [each, lookOf(each)])), lookOf, nameOf };
  return stops.length;
})()`;

/** What is wrong where the focus is now, and how many controls it has not met yet. */
const look = `(async () => {
  await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  const { left, lookOf, nameOf } = globalThis.walk;
  const at = document.activeElement;
  const before = left.get(at);
  const found = [];
  if (before !== undefined) {
    left.delete(at);
    if (lookOf(at) === before) found.push("the focus is not seen on " + nameOf(at));
    const [box] = at.getClientRects();
    // Of a high field the browser brings the line of the cursor into view.
    const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 12));
    const isSeen = top !== null && (at.contains(top) || top.contains(at) || top.closest("label")?.contains(at));
    if (!isSeen) found.push((top === null ? "out of sight" : nameOf(top)) + " hides the focus on " + nameOf(at));
  }
  for (const each of left.keys()) if (!each.isConnected) left.delete(each);
  return { found, left: left.size };
})()`;

const unreached = `[...globalThis.walk.left.keys()].map((each) => "the keyboard does not reach " + globalThis.walk.nameOf(each))`;
