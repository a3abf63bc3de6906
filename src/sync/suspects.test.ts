import { expect, test } from "vitest";
import { ConnectorError } from "../errors/connector-error.ts";
import { newRow } from "../state/ledger.ts";
import type { RowError } from "../state/ledger-row.ts";
import { Suspects } from "./suspects.ts";

const error = new ConnectorError("SINK_SERVER_ERROR", "500");
const refused = { code: "SINK_UNAUTHORIZED", message: "403", hint: "" } as const;
const suspect = (memoryId: string, attempts = 0, before: RowError = refused) => ({
  row: { ...newRow({ connectorId: "c", contextId: "x", memoryId }, "f", 0), attempts, error: before },
  error,
});

test("one that is refused with nobody else to try is to blame, several are not", () => {
  const suspects = new Suspects();
  suspects.add(suspect("a"));
  expect(suspects.areToBlame).toBe(true);
  suspects.add(suspect("b"));
  expect(suspects.areToBlame).toBe(false);
});

test("those that have failed before are to blame together, and one newcomer among them speaks for all", () => {
  const suspects = new Suspects();
  suspects.add(suspect("a", 1));
  suspects.add(suspect("b", 2));
  expect(suspects.areToBlame).toBe(true);
  suspects.add(suspect("c"));
  expect(suspects.areToBlame).toBe(false);
});

test("what LightRAG took and could not process has not been refused before", () => {
  const suspects = new Suspects();
  const failed = { code: "SINK_DOCUMENT_FAILED", message: "no", hint: "" } as const;
  for (const id of ["a", "b"]) suspects.add(suspect(id, 1, failed));
  expect(suspects.areToBlame).toBe(false);
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
