import fc from "fast-check";
import { expect, test } from "vitest";
import { isTimeZone } from "../kernel/util/time-zone.ts";
import { localTime, readableLocal } from "./local-time.ts";

function read(rfc3339: string, timeZone: string | null): string {
  return readableLocal(localTime(rfc3339, timeZone));
}

test.each([
  ["2023-05-18T13:47:05Z", null, "Thursday, 18 May 2023, 13:47:05 (UTC), midday"],
  [
    "2023-05-18T13:47:05Z",
    "Asia/Kolkata",
    "Thursday, 18 May 2023, 19:17:05 (Asia/Kolkata, UTC+05:30), evening",
  ],
  [
    "2023-12-31T20:00:00Z",
    "Pacific/Chatham",
    "Monday, 1 January 2024, 09:45:00 (Pacific/Chatham, UTC+13:45), morning",
  ],
  [
    "2024-07-01T00:00:00Z",
    "America/St_Johns",
    "Sunday, 30 June 2024, 21:30:00 (America/St_Johns, UTC-02:30), evening",
  ],
  [
    "1971-06-01T12:00:00Z",
    "Africa/Monrovia",
    "Tuesday, 1 June 1971, 11:15:30 (Africa/Monrovia, UTC-00:44:30), morning",
  ],
])("%s in %s is written %s", (rfc3339, zone, text) => {
  expect(read(rfc3339, zone)).toBe(text);
});

test("the hour that summer time skips is not shown, and the one that winter time repeats differs in its offset", () => {
  expect(read("2023-03-26T00:59:59Z", "Europe/Berlin")).toContain("01:59:59 (Europe/Berlin, UTC+01:00)");
  expect(read("2023-03-26T01:00:00Z", "Europe/Berlin")).toContain("03:00:00 (Europe/Berlin, UTC+02:00)");
  expect(read("2023-10-29T00:30:00Z", "Europe/Berlin")).toContain("02:30:00 (Europe/Berlin, UTC+02:00)");
  expect(read("2023-10-29T01:30:00Z", "Europe/Berlin")).toContain("02:30:00 (Europe/Berlin, UTC+01:00)");
});

test("a zone of the sea is shown by its offset, because its name has the opposite sign", () => {
  expect(read("2024-01-01T12:00:00Z", "Etc/GMT+2")).toBe(
    "Monday, 1 January 2024, 10:00:00 (UTC-02:00), morning",
  );
});

test("a zone that this machine does not know gives UTC and never fails", () => {
  expect(isTimeZone("Mars/Olympus_Mons")).toBe(false);
  expect(read("2024-01-01T12:00:00Z", "Mars/Olympus_Mons")).toBe(read("2024-01-01T12:00:00Z", null));
});

test("clock and offset together give the moment back, in every zone and at every time", () => {
  const zones = fc.constantFrom(...Intl.supportedValuesOf("timeZone"));
  const moments = fc.date({ min: new Date("0001-01-02"), max: new Date("9998-12-30"), noInvalidDate: true });
  fc.assert(
    fc.property(zones, moments, (zone, moment) => {
      const { date, time, offset } = localTime(moment.toISOString(), zone);
      const [, sign, hours, minutes, seconds] = /^UTC(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/u.exec(offset) ?? [];
      const shift = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60 + Number(seconds ?? 0);
      const back = Date.parse(`${date}T${time}Z`) - (sign === "-" ? -shift : shift) * 1000;
      expect(back).toBe(Math.floor(moment.getTime() / 1000) * 1000);
    }),
  );
});
