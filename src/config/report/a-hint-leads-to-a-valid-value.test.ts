import { expect, test } from "vitest";
import { parse } from "yaml";
import { problemsOf } from "../../../test/support/settings-tree.ts";
import { type Path, pathText } from "../../kernel/settings/path.ts";
import { setIn } from "../input/tree.ts";
import { declaredSettings } from "../schema/settings.ts";

const settings = declaredSettings()
  .filter(({ isBlock }) => !isBlock)
  .map(({ pattern, ofType }) => ({
    ofType,
    path: pattern.map((segment) => (segment === "[]" ? 0 : segment)),
    name: pathText(pattern),
  }));

/** The smallest file with this value; what else is missing in it is another problem. */
function fileWith(path: Path, value: unknown, ofType: string | undefined): unknown {
  const whole = setIn({}, path, value);
  const kind = ofType === undefined ? whole : setIn(whole, [...path.slice(0, -1), "type"], ofType);
  return listsIn(path.at(-1) === "type" ? whole : kind);
}

/** `setIn` makes maps of what is not there. */
function listsIn(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Object.keys(value).join() === "0") return [listsIn(Object.values(value)[0])];
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, listsIn(inner)]));
}

/** The value that a hint says to write. */
function advised(hint: string): unknown {
  const [, written] =
    /^write (.*), (?:in|without) quotes$/u.exec(hint) ?? /^for example \w+: (.*)$/u.exec(hint) ?? [];
  return written === undefined ? undefined : parse(written);
}

/** Valid by itself, and something else is to be set beside it. */
const isOfRule = (reason: string): boolean => /no key is named|stands beside/u.test(reason);

test.each(settings)("whatever a hint says to write for $name is valid there", ({ path, name, ofType }) => {
  const at = pathText(path);
  for (const wrong of [5, 0, -1.5, true, "5", "70000000000", "true", "x"]) {
    const found = problemsOf(fileWith(path, wrong, ofType)).find((problem) => problem.path === at);
    const right = found?.hint === undefined || found.hint === null ? undefined : advised(found.hint);
    if (right === undefined || right === "***" || String(right).includes("${")) continue;
    const still = problemsOf(fileWith(path, right, ofType)).filter(
      ({ path: place, reason }) => place === at && !isOfRule(reason),
    );
    expect(still, `${name}: ${JSON.stringify(wrong)} · ${found?.hint}`).toEqual([]);
  }
});

test.each([
  ["memory_api: { url: 5 }", "for example url: http://127.0.0.1:8080"],
  ["connectors: [{ timezone: 5 }]", "for example timezone: UTC"],
  ["connectors: [{ schedule: { cron: 5 } }]", "for example cron: 0 2 * * *"],
  ["logging: { level: 5 }", "for example level: INFO"],
  ["state: { path: 5 }", 'write "5", in quotes'],
  ['api: { port: "70000" }', null],
  ['api: { port: "7000" }', "write 7000, without quotes"],
])("%s is told how to be valid", (text, hint) => {
  expect(problemsOf(parse(text)).map((problem) => problem.hint)).toContain(hint);
});
