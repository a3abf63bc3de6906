import { expect, test } from "vitest";
import { ManualClock } from "../../../../test/support/manual-clock.ts";
import { HttpError } from "../../../kernel/http/http-error.ts";
import { dialect15 } from "./dialect.ts";
import { Inserter, type InserterParts } from "./inserter.ts";

const { signal } = new AbortController();

/** An inserter of single documents at a server that takes the first and is at its limit for so many requests afterwards. */
function inserting(refusals: number, retryAfterMs: number) {
  const clock = new ManualClock();
  let requests = 0;
  const send = async () => {
    requests += 1;
    if (requests === 1 || requests > refusals + 1)
      return { status: 200, headers: {}, body: { status: "success", track_id: `t${requests}` } };
    throw new HttpError("status", "answered 429", { method: "POST", url: "u", status: 429, retryAfterMs });
  };
  const parts = {
    session: { send },
    dialect: { ...dialect15, maxBatch: 1 },
    acceptances: { note: () => undefined },
    clock,
    patienceMs: 12_000,
  } as unknown as InserterParts;
  const documents = ["a", "b"].map((name) => ({ fileSource: `${name}.md`, text: name }));
  return { clock, submit: () => new Inserter(parts).submit(documents, signal) };
}

test("the rest of a call that was taken in part waits for a server that is at its limit", async () => {
  const { clock, submit } = inserting(2, 5_000);
  expect(await submit()).toMatchObject([{ kind: "accepted" }, { kind: "accepted" }]);
  expect(clock.sleeps).toEqual([5_000, 5_000]);
});

test("it does not begin a wait that would end after its deadline", async () => {
  const { clock, submit } = inserting(9, 5_000);
  await expect(submit()).rejects.toMatchObject({ code: "SINK_OUTCOME_UNKNOWN" });
  expect(clock.sleeps).toEqual([5_000, 5_000]);
});
