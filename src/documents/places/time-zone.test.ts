import { expect, test } from "vitest";
import { timeZoneAt } from "./time-zone.ts";

test.each([
  [52.52, 13.405, "Europe/Berlin"],
  [27.7172, 85.324, "Asia/Kathmandu"],
  [-31.5253, 159.0782, "Australia/Lord_Howe"],
  [0, -30, "Etc/GMT+2"],
  [90, 0, "Etc/GMT"],
  [-90, 0, "Antarctica/McMurdo"],
])("%d, %d lies in %s", (lat, lon, zone) => {
  expect(timeZoneAt({ lat, lon })).toBe(zone);
});

test("the antimeridian has one zone, whichever way its longitude is written", () => {
  for (const lat of [-60, -16.5, 0, 52, 65]) {
    expect(timeZoneAt({ lat, lon: -180 })).toBe(timeZoneAt({ lat, lon: 180 }));
  }
});
