import { expect, test } from "vitest";
import { newRow } from "../../domain/ledger.ts";
import type { RowError } from "../../domain/ledger-row.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { isRefusal, Suspects } from "./suspects.ts";

const error = new ConnectorError("SINK_SERVER_ERROR", "500");
const refused = { code: "SINK_UNAUTHORIZED", message: "403", hint: "" } as const;
const suspect = (memoryId: string, attempts = 0, before: RowError | null = refused) => ({
  row: { ...newRow({ connectorId: "c", contextId: "x", memoryId }, "f", 0), attempts, error: before },
  error,
});

const blamed = (...all: ReturnType<typeof suspect>[]) => {
  const suspects = new Suspects();
  for (const each of all) suspects.add(each);
  const ids = suspects.releaseBlamed().map(({ row }) => row.memoryId);
  return { ids, left: suspects.release().map(({ row }) => row.memoryId) };
};

test("one that is refused with nobody else to try is to blame, several are not", () => {
  expect(blamed(suspect("a"))).toEqual({ ids: ["a"], left: [] });
  expect(blamed(suspect("a"), suspect("b"))).toEqual({ ids: [], left: ["a", "b"] });
});

test("those that have failed before are to blame whoever is refused beside them, and one newcomer with them", () => {
  expect(blamed(suspect("a", 1), suspect("b", 2))).toEqual({ ids: ["a", "b"], left: [] });
  expect(blamed(suspect("a", 1), suspect("b"))).toEqual({ ids: ["a", "b"], left: [] });
  expect(blamed(suspect("a", 1), suspect("b"), suspect("c"))).toEqual({ ids: ["a"], left: ["b", "c"] });
});

test("what LightRAG took and could not process has not been refused before", () => {
  const failed = { code: "SINK_DOCUMENT_FAILED", message: "no", hint: "" } as const;
  expect(blamed(suspect("a", 1, failed), suspect("b", 1, failed)).ids).toEqual([]);
});

test("many in a row look like a refusal of everything until one is taken", () => {
  const suspects = new Suspects();
  for (let count = 0; count < 8; count++) {
    expect(suspects.areTooMany).toBe(false);
    suspects.add(suspect(`m${count}`));
  }
  expect(suspects.areTooMany).toBe(true);
  expect(suspects.release()).toHaveLength(8);
  expect(suspects).toMatchObject({ isEmpty: true, areTooMany: false });
});

test("a refusal is what may be about one of the documents that were offered", () => {
  const refusals = [
    "SINK_OUTCOME_UNKNOWN",
    "SINK_SERVER_ERROR",
    "SINK_BAD_ANSWER",
    "SINK_UNAUTHORIZED",
    "SINK_UNSUPPORTED",
    "SINK_REJECTED",
    "SINK_DOCUMENT_TOO_LARGE",
    "INTERNAL",
  ] as const;
  for (const code of refusals) expect(isRefusal(code)).toBe(true);
  for (const code of ["SINK_BUSY", "SINK_UNREACHABLE", "CANCELLED", undefined] as const)
    expect(isRefusal(code)).toBe(false);
});

test("those who are open are told by whether there are any", () => {
  const suspects = new Suspects();
  expect(suspects.isEmpty).toBe(true);
  suspects.add(suspect("a"));
  expect(suspects.isEmpty).toBe(false);
});

test("one that was tried before, and by now has no error, counts as a newcomer", () => {
  expect(blamed(suspect("a", 1, null), suspect("b"))).toEqual({ ids: [], left: ["a", "b"] });
});
