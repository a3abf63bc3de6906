import { expect, test } from "vitest";
import { offsetSecondsAt } from "../../kernel/util/time-zone.ts";
import { timeZoneAt } from "./time-zone-at.ts";

test.each([
  [52.52, 13.405, "Europe/Berlin"],
  [27.7172, 85.324, "Asia/Kathmandu"],
  [-31.5253, 159.0782, "Australia/Lord_Howe"],
  // Where a coarse map has the clocks of a neighbour, a day away at worst.
  [-14.2781, -170.7025, "Pacific/Pago_Pago"],
  [65.7544, -168.935, "America/Nome"],
  [65.8481, 24.1466, "Europe/Helsinki"],
  [65.8355, 24.1368, "Europe/Stockholm"],
  [46.7811, -56.1764, "America/Miquelon"],
  // Where two zones claim a place, the one of the place itself.
  [43.825, 87.6, "Asia/Urumqi"],
  [41.6458, 41.6417, "Asia/Tbilisi"],
  [31.5326, 35.0998, "Asia/Hebron"],
  [31.6571, 35.1236, "Asia/Jerusalem"],
  [0, -30, "Etc/GMT+2"],
  [0, 150, "Etc/GMT-10"],
  [90, 0, "Etc/GMT"],
  [-90, 0, "Antarctica/McMurdo"],
])("%d, %d lies in %s", async (lat, lon, zone) => {
  expect(await timeZoneAt({ lat, lon })).toBe(zone);
});

test("the antimeridian has one zone, whichever way its longitude is written", async () => {
  for (const lat of [-60, -16.5, 0, 52, 65])
    expect(await timeZoneAt({ lat, lon: -180 })).toBe(await timeZoneAt({ lat, lon: 180 }));
});

test.each([
  ["Europe/Lisbon", "1994-01-15T12:00:00Z", 1],
  ["Asia/Pyongyang", "2016-01-15T12:00:00Z", 8.5],
  ["America/Caracas", "2010-01-15T12:00:00Z", -4.5],
  ["Pacific/Apia", "2011-12-29T12:00:00Z", -10],
  ["Pacific/Apia", "2011-12-31T12:00:00Z", 14],
  ["Asia/Kathmandu", "1980-01-15T12:00:00Z", 5.5],
])("the clocks of %s at %s are those of that time", (zone, time, hours) => {
  expect(offsetSecondsAt(Date.parse(time), zone) / 3600).toBe(hours);
});
