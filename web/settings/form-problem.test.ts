import { expect, test } from "vitest";
import { ApiProblem } from "../api/problem.ts";
import { ofForm } from "./form-problem.ts";

const problem = (paths: readonly string[]) =>
  new ApiProblem({
    ...{ title: "the request has 1 problem", status: 400, code: "CONFIG_INVALID", hint: "correct it" },
    problems: paths.map((path) => ({ path, reason: "must be a number", hint: null })),
  });

test("problems of a form are named by its fields, and not by where the service sees them", () => {
  const paths = ["connectors[0].schedule.interval_hours", "body.id", "connectors[12]", "context_id"];
  expect(ofForm(problem(paths)).problems.map(({ path }) => path)).toEqual([
    "schedule.interval_hours",
    "id",
    "the settings",
    "context_id",
  ]);
});

test("everything else of the problem stays", () => {
  expect(ofForm(problem([]))).toMatchObject({ message: "the request has 1 problem", code: "CONFIG_INVALID" });
});
