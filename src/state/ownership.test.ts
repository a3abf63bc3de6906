import { expect, test } from "vitest";
import {
  type CollectionContents,
  collectionRules,
  collectionsForgottenAt,
  connectorOf,
  type RecordCollection,
  type SectionForgottenAt,
} from "./ownership.ts";

type Rules<Contents> = { [Collection in keyof Contents]: unknown };

test("a new collection does not compile before somebody has decided whose it is and how long it stays", () => {
  interface More extends CollectionContents {
    invented: { connectorId: string };
  }
  // @ts-expect-error: there is no rule for "invented".
  const incomplete: Rules<More> = collectionRules;
  expect(incomplete).not.toHaveProperty("invented");
});

test("a section that a reset forgets does not compile without the way in which it is forgotten", () => {
  // @ts-expect-error: the ledger is missing.
  const incomplete: Record<SectionForgottenAt<"reset">, true> = { syncStates: true };
  expect(incomplete).not.toHaveProperty("ledger");
});

const contents: { [Collection in RecordCollection]: unknown } = {
  connector: {},
  "api-key": {},
  session: {},
  "session-realm": {},
  budget: {},
  reconciliation: {},
  backfill: {},
  source: { connectorId: "c" },
  "unread-medium": { connectorId: "c" },
  erasure: { connectorId: "c", erasedAt: 1 },
  "schedule-request": { connectorId: "c" },
  posting: {},
  share: {},
  alert: { connectorId: "c" },
  delivery: {},
  audit: {},
  "audit-head": {},
};

test.each(Object.entries(contents))(
  "%s belongs to the connector that its rule names, or to all",
  (collection, content) => {
    const owner = connectorOf({ section: "records", record: { collection, id: "c", content } });
    expect(owner).toBe(collectionRules[collection as RecordCollection] === "global" ? null : "c");
  },
);

test("what an archive holds of another shape, or of a collection from elsewhere, belongs to nobody", () => {
  for (const content of [null, "c", { connectorId: 7 }, []]) {
    expect(connectorOf({ section: "records", record: { collection: "alert", id: "c", content } })).toBeNull();
  }
  for (const collection of ["constructor", "unheard-of"]) {
    expect(connectorOf({ section: "records", record: { collection, id: "c", content: {} } })).toBeNull();
  }
});

test("a reset forgets what was planned, spent and compared, and only the removal forgets the connector", () => {
  expect(collectionsForgottenAt("reset")).toEqual(["budget", "reconciliation", "backfill", "unread-medium"]);
  expect(collectionsForgottenAt("removal")).toEqual(["connector"]);
});
