import { hostname } from "node:os";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../test/support/temp-folder.ts";
import { systemClock } from "../kernel/util/clock.ts";
import { ConnectorLocks } from "./connector-locks.ts";

/** What a second one is told while somebody works on the connector, under the id of a run or without one. */
function hintWhile(runId: string | undefined): string {
  const folder = temporaryFolder();
  new ConnectorLocks(folder, systemClock).take("c", runId);
  try {
    new ConnectorLocks(folder, systemClock).take("c");
  } catch (thrown) {
    return (thrown as { hint: string }).hint;
  }
  throw new Error("both have it");
}

test("a run is looked at by `status` and ended by `cancel`", () => {
  expect(hintWhile("r1")).toMatch(/`memory-connector status` .*`memory-connector cancel CONNECTOR`/u);
});

test("what is no run, such as an erasure, is named by its process: `cancel` does not reach it", () => {
  const hint = hintWhile(undefined);
  expect(hint).toContain(`process ${process.pid} on ${hostname()}`);
  expect(hint).not.toMatch(/cancel|status/u);
});
