import { describe, expect, test } from "vitest";
import { pendingRow } from "../../../test/contract/state-manager-samples.ts";
import { makeStore } from "../../../test/contract/state-manager-store.ts";
import { filtersThatLeaveNothing } from "./filters-that-leave-nothing.ts";
import type { Near } from "./near.ts";

const { signal } = new AbortController();
const lisbon: Near = {
  ...{ centre: { lat: 38.72, lon: -9.15 }, radiusKm: 10, others: [] },
  town: "Lisbon, Lisbon, Portugal",
};
const day = (text: string) => ({ day: Date.parse(text) / 86_400_000 });

describe.each(["sqlite", "json"] as const)("%s", (backend) => {
  test.each([
    ["a tag", { tag: "sail" }, undefined, 'No memory has the tag "sail".'],
    [
      "two of three",
      { tag: "kayak", person: "Rui", place: "Faro" },
      undefined,
      'No memory names the person "Rui", and none is from "Faro".',
    ],
    [
      "days",
      { since: day("1999-01-01"), until: day("1999-12-31"), tag: "kayak" },
      undefined,
      "No memory was recorded from 1999-01-01 up to 1999-12-31.",
    ],
    [
      "what memories meet one by one",
      { tag: "kayak" },
      lisbon,
      'There are memories for each of these, and none for all: one that has the tag "kayak", one that is within 10 km of Lisbon, Lisbon, Portugal.',
    ],
    ["nothing that is asked for", {}, undefined, null],
  ] as const)("%s: it is said which of the filters leave nothing", async (_, filter, near, said) => {
    const state = await makeStore(backend).open();
    const row = (memoryId: string, rest: object) => ({
      ...pendingRow({ connectorId: "one", contextId: "CTX", memoryId }),
      memoryCreatedAt: Date.UTC(2025, 5, 1),
      ...rest,
    });
    await state.saveRows([
      row("a", { facets: { place: [], tags: ["Kayak"], people: ["Ines"] }, location: null }),
      row("b", { facets: { place: ["Lisbon"], tags: [], people: [] }, location: lisbon.centre }),
    ]);
    const search = { connectors: [{ id: "one", timezone: "UTC" }], filter, near };
    expect(await filtersThatLeaveNothing(state, search, signal)).toBe(said);
  });
});
