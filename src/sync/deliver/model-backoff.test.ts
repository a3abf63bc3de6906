import { expect, test } from "vitest";
import { SteppedClock } from "../../../test/support/stepped-clock.ts";
import { ModelLane } from "./model-backoff.ts";

function openLane(maxPauses = 3) {
  const clock = new SteppedClock();
  const pauses: number[] = [];
  const lane = new ModelLane({ pauseMs: 1_000, maxPauses, clock, onPause: (ms) => pauses.push(ms) });
  return { clock, pauses, lane };
}
const never = new AbortController().signal;

test("an open lane lets everything pass at once", async () => {
  await openLane().lane.pass(never);
});

test("failures that arrive during a pause belong to it; later ones double the pause; a success starts over", async () => {
  const { clock, pauses, lane } = openLane();
  lane.close("quota");
  lane.close("quota");
  expect(pauses).toEqual([1_000]);
  await clock.advance(1_000);
  lane.close("quota");
  expect(pauses).toEqual([1_000, 2_000]);
  await clock.advance(2_000);
  lane.succeed();
  lane.close("quota");
  expect(pauses).toEqual([1_000, 2_000, 1_000]);
});

test("a closed lane opens when its pause is over", async () => {
  const { clock, lane } = openLane();
  lane.close("quota");
  let passed = false;
  const passing = lane.pass(never).then(() => {
    passed = true;
  });
  await clock.advance(999);
  expect(passed).toBe(false);
  await clock.advance(1);
  await passing;
});

test("too many pauses in a row end the run with the reason", async () => {
  const { clock, lane } = openLane(1);
  lane.close("quota");
  await clock.advance(1_000);
  expect(() => lane.close("quota")).toThrow(
    expect.objectContaining({
      code: "SINK_MODEL_UNAVAILABLE",
      message: "LightRAG's own model stayed unavailable through 1 pause: quota",
    }),
  );
});
