import { expect, test } from "vitest";
import { ApiProblem, withoutRefused } from "./problem.ts";

const refusal = (code: string, path?: string) =>
  new ApiProblem({
    ...{ title: "no", status: 400, code, hint: "give a town near it" },
    problems: path === undefined ? [] : [{ path, reason: "no", hint: null }],
  });

const without = (asked: Record<string, string>, key: string) =>
  Object.fromEntries(Object.entries(asked).filter(([each]) => each !== key));

/** A service that refuses these keys, in turn. */
const refusing = (refusals: ReadonlyMap<string, ApiProblem>) => async (asked: Record<string, string>) => {
  for (const [key, problem] of refusals) if (key in asked) throw problem;
  return asked;
};

test("the rest is asked for without each part that the service can make nothing of, which are told", async () => {
  const ask = refusing(
    new Map([
      ["near", refusal("PLACE_UNKNOWN")],
      ["code", refusal("API_REQUEST_INVALID", "code")],
      ["until", refusal("RANGE_REVERSED")],
    ]),
  );
  const asked = { near: "Nowhere", code: "X", until: "2024-01-01", text: "boat" };
  expect(await withoutRefused(asked, ask, without)).toEqual({
    found: { text: "boat" },
    refused: [
      { key: "near", why: "no town that is known: give a town near it" },
      { key: "code", why: "no code of an error" },
      { key: "until", why: "before since" },
    ],
  });
});

test("any other refusal stays one, and so does one of what was not asked for", async () => {
  const other = refusal("STATE_CURSOR_INVALID");
  await expect(withoutRefused({ near: "x" }, refusing(new Map([["near", other]])), without)).rejects.toBe(
    other,
  );
  const unasked = refusal("PLACE_UNKNOWN");
  const ask = async () => Promise.reject(unasked);
  await expect(withoutRefused({ text: "x" } as Record<string, string>, ask, without)).rejects.toBe(unasked);
});
