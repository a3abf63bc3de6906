import { expect, test } from "vitest";
import { SteppedClock } from "../../../test/support/stepped-clock.ts";
import { ModelBackoff } from "./model-backoff.ts";

function newBackoff(maxPauses = 3) {
  const clock = new SteppedClock();
  const pauses: number[] = [];
  const backoff = new ModelBackoff({ pauseMs: 1_000, maxPauses, clock, onPause: (ms) => pauses.push(ms) });
  return { clock, pauses, backoff };
}
const never = new AbortController().signal;

test("without a pause nobody waits", async () => {
  await newBackoff().backoff.wait(never);
});

test("failures that arrive during a pause belong to it; later ones double the pause; a success starts over", async () => {
  const { clock, pauses, backoff } = newBackoff();
  backoff.pause("quota");
  backoff.pause("quota");
  expect(pauses).toEqual([1_000]);
  await clock.advance(1_000);
  backoff.pause("quota");
  expect(pauses).toEqual([1_000, 2_000]);
  await clock.advance(2_000);
  backoff.reset();
  backoff.pause("quota");
  expect(pauses).toEqual([1_000, 2_000, 1_000]);
});

test("a wait ends with the pause", async () => {
  const { clock, backoff } = newBackoff();
  backoff.pause("quota");
  let passed = false;
  const passing = backoff.wait(never).then(() => {
    passed = true;
  });
  await clock.advance(999);
  expect(passed).toBe(false);
  await clock.advance(1);
  await passing;
});

test("too many pauses in a row end the run with the reason", async () => {
  const { clock, backoff } = newBackoff(1);
  backoff.pause("quota");
  await clock.advance(1_000);
  expect(() => backoff.pause("quota")).toThrow(
    expect.objectContaining({
      code: "SINK_MODEL_UNAVAILABLE",
      message: "LightRAG's own model stayed unavailable through 1 pause: quota",
    }),
  );
});
