import { expect, test } from "vitest";
import { renderTable } from "./table.ts";

test("tables align their columns, and text from elsewhere cannot move the cursor or forge a line", () => {
  expect(
    renderTable(
      ["ID", "STATE"],
      [
        ["a\u001b[2J\nb", "ok"],
        ["long-name", "dead"],
      ],
    ),
  ).toBe(["ID         STATE", "a [2J b    ok", "long-name  dead"].join("\n"));
});
