import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { errorCodes } from "../../../src/kernel/errors/codes.ts";

const root = new URL("../../../", import.meta.url);
const text = readFileSync(new URL("docs/security.md", root), "utf8");

test("every test that docs/security.md names is there, and every code", () => {
  const paths = [...text.matchAll(/`((?:src|test)\/[^`]+)`/gu)].map(([, path = ""]) => path);
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  const codes = [...text.matchAll(/`([A-Z]+_[A-Z_]+)`/gu)].map(([, code = ""]) => code);
  expect(codes.filter((code) => !(code in errorCodes))).toEqual([]);
});
