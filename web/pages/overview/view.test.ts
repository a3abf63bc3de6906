import { expect, test } from "vitest";
import type { ConnectorState } from "../../connectors/connector-state.ts";
import { addressOfView, pageLength, shownOf, viewOf } from "./view.ts";

const rows = Array.from({ length: 120 }, (_, index) => ({
  id: `Connector-${index}`,
  state: { rank: (index < 3 ? "waits" : "fine") as ConnectorState["rank"] },
}));
const shown = (search: string) => shownOf(rows, viewOf(new URLSearchParams(search)));

test.each([
  ["", 50, 120, 1],
  ["page=3", 20, 120, 3],
  ["page=99", 20, 120, 3],
  ["show=waits", 3, 3, 1],
  ["id=connector-11", 11, 11, 1],
  ["id=nobody", 0, 0, 1],
])(
  "of a list in pages %j shows so many, of so many, on a page that is there",
  (search, length, count, page) => {
    const { rows: some, ...rest } = shown(search);
    expect([some.length, rest.count, rest.page]).toEqual([length, count, page]);
    expect(some.length).toBeLessThanOrEqual(pageLength);
  },
);

test("a view has an address, which leads back to it", () => {
  const view = { rank: "needs you", part: "a b", page: 2 } as const;
  expect(viewOf(new URLSearchParams(addressOfView(view).split("?")[1]))).toEqual(view);
  expect(addressOfView({ rank: null, part: "", page: 1 })).toBe("#/");
});
