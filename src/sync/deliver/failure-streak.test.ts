import { expect, test } from "vitest";
import { FailureStreak } from "./model-backoff.ts";

const { signal } = new AbortController();

function streakOver(answers: boolean | undefined) {
  const asked: AbortSignal[] = [];
  const modelsAnswer = async (within: AbortSignal) => {
    asked.push(within);
    return answers === true;
  };
  return { streak: new FailureStreak(answers === undefined ? {} : { modelsAnswer }), asked };
}

test("the models are asked once three documents have failed with none processed between", async () => {
  const { streak, asked } = streakOver(false);
  expect(await streak.isOutage(["a", "b"], signal)).toBe(false);
  expect(await streak.isOutage(["b"], signal)).toBe(false);
  expect(asked).toEqual([]);
  expect(await streak.isOutage(["c"], signal)).toBe(true);
  expect(asked).toEqual([signal]);
});

test("a document that was processed ends the streak", async () => {
  const { streak, asked } = streakOver(false);
  await streak.isOutage(["a", "b"], signal);
  streak.end();
  expect(await streak.isOutage(["c"], signal)).toBe(false);
  expect(asked).toEqual([]);
});

test("models that answer, or cannot be asked, are not to blame, and without a failure nothing is asked", async () => {
  const answering = streakOver(true);
  expect(await answering.streak.isOutage(["a", "b", "c"], signal)).toBe(false);
  expect(await answering.streak.isOutage([], signal)).toBe(false);
  expect(answering.asked).toHaveLength(1);
  expect(await streakOver(undefined).streak.isOutage(["a", "b", "c"], signal)).toBe(false);
});
