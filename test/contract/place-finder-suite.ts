import { describe, expect, onTestFinished, test } from "vitest";
import type { PlaceFinder } from "../../src/documents/places/place-finder.ts";
import type { MemoryLocation } from "../../src/domain/memory.ts";

/** One finder, and the way to make what it asks fail. */
export interface StartedPlaceFinder {
  finder: PlaceFinder;
  close(): Promise<void>;
  /** What it asks fails from now on, in this way; absent where it asks nobody. */
  fail?(how: string): void;
}

export interface PlaceFinderHarness {
  name: string;
  start(): Promise<StartedPlaceFinder>;
  /** The ways in which what it asks may fail; for `fail`. */
  failures: readonly string[];
  /** A failure is covered up by another finder's answer, which then is not settled. */
  neverFails: boolean;
}

const lisbon: MemoryLocation = { lat: 38.7075, lon: -9.1365 };
const extremes: readonly MemoryLocation[] = [
  { lat: 90, lon: 0 },
  { lat: -90, lon: 180 },
  { lat: 0, lon: -180 },
  { lat: -0, lon: -0 },
  { lat: 30.5, lon: -40.25 },
];
const never = new AbortController().signal;
const names = ["district", "city", "region", "country"] as const;

/** What the port promises, see `PlaceFinder`. */
export function placeFinderSuite(harness: PlaceFinderHarness): void {
  const started = async () => {
    const it = await harness.start();
    onTestFinished(() => it.close());
    return it;
  };

  describe(`the places of ${harness.name}`, () => {
    test("it has an identity that does not change", async () => {
      const [one, other] = [await started(), await started()];
      expect(one.finder.identity).not.toBe("");
      expect(one.finder.identity.replace(/:\d+/gu, "")).toBe(other.finder.identity.replace(/:\d+/gu, ""));
    });

    test("a place has a name on one line, and is the same when asked for again", async () => {
      const { finder } = await started();
      const found = await finder.find(lisbon, never);
      expect(found.settled).toBe(true);
      expect(names.some((name) => found.place?.[name])).toBe(true);
      for (const name of names) {
        expect(found.place?.[name] ?? "").not.toMatch(/[\p{Cc}\n]/u);
        expect((found.place?.[name] ?? "").length).toBeLessThanOrEqual(200);
      }
      expect((await finder.find(lisbon, never)).place).toEqual(found.place);
    });

    test("the poles, the date line and the open sea have an answer, be it that they have no name", async () => {
      const { finder } = await started();
      for (const spot of extremes) {
        const { place, settled } = await finder.find(spot, never);
        expect(settled).toBe(true);
        expect(place === null || names.some((name) => place[name] !== null)).toBe(true);
      }
    });

    test("an answer survives JSON, so that it can be kept", async () => {
      const { place } = await (await started()).finder.find(lisbon, never);
      expect(JSON.parse(JSON.stringify(place))).toEqual(place);
    });

    test("who has given up gets an abort and no answer", async () => {
      const { finder } = await started();
      const reason = await finder.find(lisbon, AbortSignal.abort()).then(
        () => "an answer",
        (error) => error,
      );
      expect(reason.name === "AbortError" || reason.code === "CANCELLED").toBe(true);
    });

    test.each(harness.failures)("%s is no place", async (how) => {
      const { finder, fail } = await started();
      fail?.(how);
      const outcome = await finder.find(lisbon, never).catch((error) => error);
      if (harness.neverFails) {
        expect(outcome).toMatchObject({ settled: false, failure: { code: "GEOCODER_FAILED" } });
      } else expect(outcome).toMatchObject({ code: "GEOCODER_FAILED" });
    });
  });
}
