import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryAfterMs } from "./retry-after.ts";

const now = Date.UTC(2026, 6, 1, 12, 0, 0);
const at = (ms: number) => new Date(ms).toUTCString();

describe("Retry-After", () => {
  it("is read as seconds", () => {
    expect(retryAfterMs("7", undefined, now)).toBe(7_000);
    expect(retryAfterMs(" 1.5 ", undefined, now)).toBe(1_500);
  });

  it.each([
    ["IMF-fixdate", "Wed, 01 Jul 2026 12:00:30 GMT"],
    ["RFC 850", "Wednesday, 01-Jul-26 12:00:30 GMT"],
    ["asctime", "Wed Jul  1 12:00:30 2026"],
  ])("is read as an HTTP date in the %s form", (_form, value) => {
    expect(retryAfterMs(value, undefined, now)).toBe(30_000);
  });

  it("is measured on the server's clock when the answer tells it, however wrong our own clock is", () => {
    const serverNow = now + 3 * 3_600_000;
    expect(retryAfterMs(at(serverNow + 20_000), at(serverNow), now)).toBe(20_000);
  });

  it("falls back on our clock when the Date header is no date", () => {
    expect(retryAfterMs(at(now + 20_000), "yesterday", now)).toBe(20_000);
  });

  it("means no wait when the date has passed", () => {
    expect(retryAfterMs(at(now - 60_000), undefined, now)).toBe(0);
  });

  it.each([undefined, "", "soon", "-5", "1e9", "NaN", "Wed, nonsense", "2026-07-01T12:00:30Z"])(
    "is ignored when it says %o",
    (value) => expect(retryAfterMs(value, undefined, now)).toBeNull(),
  );

  it("is cut to ten minutes when it asks for days", () => {
    expect(retryAfterMs("86400", undefined, now)).toBe(600_000);
    expect(retryAfterMs(at(now + 86_400_000), undefined, now)).toBe(600_000);
  });

  it("never asks for a negative wait or for more than ten minutes, whatever it says", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.nat().map(String),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
        ),
        fc.option(fc.string(), { nil: undefined }),
        (value, date) => {
          const wait = retryAfterMs(value, date, now);
          expect(wait === null || (wait >= 0 && wait <= 600_000)).toBe(true);
        },
      ),
    );
  });
});
