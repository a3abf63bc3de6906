import { expect, test } from "vitest";
import { publicNames } from "../support/public-names.ts";

/**
 * Names that programs and people outside rely on. A move inside the code leaves these files as they are; a name that is added is one
 * added line, made by `npx vitest run --project integration test/contract/public-names.test.ts -u`. No name is removed or renamed.
 */
test.each(Object.entries(publicNames))("the public names of %s are those that were", async (kind, names) => {
  const lines = names();
  expect(lines.length).toBeGreaterThan(3);
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`public-names/${kind}.txt`);
});
