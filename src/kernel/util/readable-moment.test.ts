import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const source = join(import.meta.dirname, "readable.ts");

/** In a process of its own: a zone is a process's. */
function momentIn(zone: string, instant: string): string {
  const code = `import { readableMoment } from ${JSON.stringify(source)};
    console.log(readableMoment(Date.parse("${instant}")));`;
  return execFileSync(process.execPath, ["--input-type=module", "--eval", code], {
    env: { TZ: zone },
    encoding: "utf8",
  }).trim();
}

test.each([
  ["UTC", "2025-01-31T23:00:00Z", "2025-01-31T23:00:00Z"],
  ["Europe/Zurich", "2025-01-31T12:00:00Z", "2025-01-31T12:00:00Z (13:00 here)"],
  ["Europe/Zurich", "2025-07-31T22:30:00Z", "2025-07-31T22:30:00Z (2025-08-01 00:30 here)"],
  ["Asia/Kathmandu", "2025-01-31T12:00:00Z", "2025-01-31T12:00:00Z (17:45 here)"],
  ["America/New_York", "2025-01-01T03:00:00Z", "2025-01-01T03:00:00Z (2024-12-31 22:00 here)"],
])("in %s, %s reads %s", (zone, instant, text) => {
  expect(momentIn(zone, instant)).toBe(text);
});
