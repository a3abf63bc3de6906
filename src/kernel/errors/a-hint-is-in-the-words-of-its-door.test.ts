import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type ErrorCode, errorCodes } from "./codes.ts";
import { ConnectorError } from "./connector-error.ts";

/** What only a person at a terminal can type. */
const typed = /(?<![\w-])--[a-z]|`memory-connector /u;

/** Codes that no request can end with, and the one whose whole point is the command. */
const ofCommands: readonly ErrorCode[] = [
  ...(["USAGE", "NOT_CONFIRMED", "OUTPUT_NOT_WRITTEN", "API_DISABLED"] as const),
  ...(["CONFIG_EXISTS", "CONFIG_NOT_FOUND", "CONFIG_SYNTAX", "RESTORE_WHILE_SERVING"] as const),
  // Doors have words of their own for it.
  "INTERNAL",
];

const codes = (Object.keys(errorCodes) as ErrorCode[]).filter((code) => !ofCommands.includes(code));

test.each(codes)("what helps with %s is told to a request without commands and options", (code) => {
  expect(new ConnectorError(code, "it failed").requestHint).not.toMatch(typed);
});

test("a remedy has other words for requests only where it names commands or options", () => {
  for (const { remedy, requestRemedy } of Object.values(errorCodes))
    if (requestRemedy !== undefined) expect(remedy).toMatch(typed);
});

const above = join(import.meta.dirname, "../..");
const files = globSync("{operations,schedule,api,mcp}/**/*.ts", { cwd: above }).filter(
  (path) => !path.endsWith(".test.ts"),
);

test.each(files.map((path) => ({ path })))("an error of $path names no command to a request", ({ path }) => {
  const hints =
    readFileSync(join(above, path), "utf8").match(/\b(?:hint|request)\b(?:: |\s+=\s+)["`].*$/gmu) ?? [];
  for (const hint of hints) expect(hint).not.toMatch(/(?<![\w-])--[a-z]|\\?`memory-connector /u);
});
