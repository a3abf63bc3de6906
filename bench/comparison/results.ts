import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cost } from "./costs.ts";
import type { Outcome } from "./outcome.ts";
import type { WayName } from "./ways.ts";

/** What `npm run compare` has seen; the page is made from it. */
export interface Results {
  /** The day, and the versions of what ran. */
  seen: { day: string; versions: Record<string, string> };
  memories: number;
  outcomes: Record<string, Partial<Record<WayName, Outcome>>>;
  costs: { memories: number; ways: Partial<Record<WayName, Cost>> };
}

export const resultsPath = join(import.meta.dirname, "results.json");

export function readResults(): Results {
  return JSON.parse(readFileSync(resultsPath, "utf8"));
}
