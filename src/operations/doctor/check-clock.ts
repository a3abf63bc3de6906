import type { Clock } from "../../kernel/util/clock.ts";
import { readableDuration } from "../../kernel/util/readable.ts";
import { type Diagnosis, fine, warning } from "./diagnosis.ts";

/** Time limit for the server's answer. Milliseconds. */
const timeoutMs = 5_000;
/** `auto` ranges, look-backs and grace periods are hours long; from a minute on, certificates and logs suffer. */
const toleranceMs = 60_000;

/**
 * Compares this machine's clock with the `Date` header of an answer from the URL's server, without sending a key. Reports nothing
 * when the server is unreachable (its own check does) or sends no date.
 */
export async function checkClock(
  url: string,
  clock: Pick<Clock, "now">,
  signal: AbortSignal,
): Promise<Diagnosis[]> {
  const before = clock.now();
  const date = await dateOf(new URL(url).origin, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  if (date === null) return [];
  // The header has whole seconds, and the answer was created between the request and now.
  const earliest = before - 1_000;
  const latest = clock.now();
  const skewMs = date < earliest ? date - earliest : Math.max(0, date - latest);
  const host = new URL(url).host;
  if (Math.abs(skewMs) <= toleranceMs) return [fine("clock", `agrees with ${host}`)];
  const direction = skewMs < 0 ? "ahead of" : "behind";
  const message = `this machine's clock is ${readableDuration(Math.abs(skewMs))} ${direction} that of ${host}`;
  return [warning("clock", message, "let both machines follow a time server (NTP)")];
}

async function dateOf(origin: string, signal: AbortSignal): Promise<number | null> {
  try {
    const answer = await fetch(origin, { method: "HEAD", redirect: "manual", signal });
    const date = Date.parse(answer.headers.get("date") ?? "");
    return Number.isNaN(date) ? null : date;
  } catch {
    return null;
  }
}
