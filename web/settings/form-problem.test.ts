import { expect, test } from "vitest";
import { ApiProblem } from "../api/problem.ts";
import { faultOf, ofForm } from "./form-problem.ts";

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

test("an id that is taken is said at its field", () => {
  const taken = new ApiProblem({
    ...{
      title: 'there is a connector "a" already',
      status: 409,
      code: "CONNECTOR_EXISTS",
      hint: "choose another id",
    },
  });
  expect(ofForm(taken).problems.map(({ path }) => path)).toEqual(["id"]);
});

test("a change of somebody else is told in the words of the page", () => {
  const row = {
    title: "the row was changed",
    status: 412,
    code: "STATE_CONFLICT",
    hint: "read the row again",
  };
  const { message, hint } = ofForm(new ApiProblem(row));
  expect(`${message} ${hint}`).toContain("by someone else");
  expect(`${message} ${hint}`).not.toContain("row");
});

test("what is wrong with items of a list is said at the field of the list", () => {
  const wrong = new Map([
    ["source.memories[0].created_at", "is missing"],
    ["source.memories[2].id", "must be a text"],
    ["source.memories_of", "is no field of it"],
  ]);
  expect(faultOf(wrong, "source.memories")).toBe(
    "memories[0].created_at is missing; memories[2].id must be a text",
  );
  expect(faultOf(wrong, "source.url")).toBeUndefined();
});

test("everything else of the problem stays", () => {
  expect(ofForm(problem([]))).toMatchObject({ message: "the request has 1 problem", code: "CONFIG_INVALID" });
});
