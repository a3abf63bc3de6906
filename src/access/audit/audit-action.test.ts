import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { auditActions } from "./audit-action.ts";

test("the page on the audit log lists every action, each once, and no other", () => {
  const page = readFileSync(join(import.meta.dirname, "../../../docs/audit.md"), "utf8");
  const [, table = ""] = page.split("| action | `after` |");
  const rows = table.split("\n").filter((line) => line.startsWith("| `"));
  const listed = rows.flatMap((row) =>
    Array.from((row.split("|")[1] ?? "").matchAll(/`([^`]+)`/gu), ([, action]) => action),
  );
  expect(listed.toSorted()).toEqual([...auditActions].toSorted());
});
