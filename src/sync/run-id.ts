import { randomBytes } from "node:crypto";

/** A run id that sorts by time and reads well: `20250131T235959-1f3a9c`. */
export function newRunId(now: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replace(/[-:]/gu, "");
  return `${time}-${randomBytes(3).toString("hex")}`;
}
