import { expect, test } from "vitest";
import { canRedraw, mayColour } from "./process-io.ts";

const terminal = true;
const file = false;

test.each([
  [{}, terminal, true],
  [{}, file, false],
  [{ TERM: "xterm-256color" }, file, false],
  [{ TERM: "dumb" }, terminal, false],
  [{ NO_COLOR: "1" }, terminal, false],
  [{ NO_COLOR: "false" }, terminal, false],
  [{ NO_COLOR: "" }, terminal, true],
  [{ FORCE_COLOR: "1" }, file, true],
  [{ FORCE_COLOR: "" }, file, true],
  [{ FORCE_COLOR: "3", NO_COLOR: "1" }, file, true],
  [{ FORCE_COLOR: "1", TERM: "dumb" }, file, true],
  [{ FORCE_COLOR: "0" }, terminal, false],
  [{ FORCE_COLOR: "False" }, terminal, false],
])("with %j, a terminal %s: colours %s", (variables, isTerminal, expected) => {
  expect(mayColour(variables, isTerminal)).toBe(expected);
});

test("only a terminal that can move its cursor is redrawn, whatever is said about colours", () => {
  expect(canRedraw({ FORCE_COLOR: "1" }, file)).toBe(false);
  expect(canRedraw({ TERM: "dumb" }, terminal)).toBe(false);
  expect(canRedraw({ NO_COLOR: "1" }, terminal)).toBe(true);
});
