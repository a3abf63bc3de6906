import type { Clock } from "../../kernel/util/clock.ts";
import { readableDuration } from "../../kernel/util/readable.ts";
import { type Diagnosis, fine, warning } from "./diagnosis.ts";

/** A server that says what time it is does so within this. Milliseconds. */
const timeoutMs = 5_000;
/** `auto` ranges, look-backs and grace periods are hours long; a minute is where certificates and logs begin to suffer. */
const toleranceMs = 60_000;

/**
 * Compares this machine's clock with the `Date` of any answer from the server of a URL, which is sent no key. Says nothing when the
 * server cannot be reached (who looks at the server says so) or tells no time.
 */
export async function checkClock(
  url: string,
  clock: Pick<Clock, "now">,
  signal: AbortSignal,
): Promise<Diagnosis[]> {
  const before = clock.now();
  const date = await dateOf(new URL(url).origin, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
  if (date === null) return [];
  // A header has whole seconds, and the answer was made somewhere between asking and now.
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
