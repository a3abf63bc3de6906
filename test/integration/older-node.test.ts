import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { errorCodes } from "../../src/kernel/errors/codes.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const launcher = fileURLToPath(new URL("../../bin/memory-connector.cjs", import.meta.url));

/** Starts the installed command in a Node that takes itself for another version. */
function startedBy(version: string, ...args: string[]) {
  const pretence = join(temporaryFolder(), "pretence.cjs");
  const versions = `{ value: Object.assign({}, process.versions, { node: "${version}" }) }`;
  writeFileSync(
    pretence,
    `Object.defineProperty(process, "versions", ${versions});
     Object.defineProperty(process, "version", { value: "v${version}" });`,
  );
  return spawnSync(process.execPath, ["--require", pretence, launcher, ...args], { encoding: "utf8" });
}

test.each(["0.12.18", "8.17.0", "20.20.2", "23.11.1"])(
  "Node %s is told in one line that it is too old, before anything else is read",
  (version) => {
    const { status, stdout, stderr } = startedBy(version, "status");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(
      /^NODE_TOO_OLD: memory-connector needs Node 24 or newer, this is v[\d.]+ \(.+\) · [^\n]+\n$/u,
    );
    expect(stderr).toContain(`v${version}`);
    expect(errorCodes).toHaveProperty("NODE_TOO_OLD");
  },
);

test("the launcher asks for what package.json asks for, and is written for the oldest Node", () => {
  const source = readFileSync(launcher, "utf8");
  const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(`>=${/oldestMajor = (\d+);/u.exec(source)?.[1]}`).toBe(engines.node);
  const code = source.replace(/\/\*.*?\*\//gsu, "");
  expect(code).not.toMatch(/\b(?:const|let|class|async|await|import)\b|=>|`|,\s*\)|\?\.|\?\?/u);
});
