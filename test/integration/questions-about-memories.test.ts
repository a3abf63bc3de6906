import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { makeWorld } from "../support/service.ts";

/** What a person may type, and a part of what is said about it. */
const refused: readonly [args: readonly string[], said: string][] = [
  [["memories", "--near", "38.71"], "near: must be a latitude and a longitude such as 38.71,-9.14"],
  [
    ["memories", "--near", "90.50,-9.14"],
    "near: must be a place on earth: latitudes go from -90 to 90, and this is 90.50",
  ],
  [
    ["memories", "--near", "38.71,-190"],
    "near: must be a place on earth: longitudes go from -180 to 180, and this is -190",
  ],
  [["memories", "--near", "91,0"], "near: must be"],
  [["memories", "--near", "0,181"], "near: must be"],
  [["memories", "--near", "Lisbno"], 'PLACE_UNKNOWN: no town is called "Lisbno"'],
  [["memories", "--near", "New Yrok"], "there are: New York City, New York, United States"],
  [["memories", "--near", "Lisbon, Spain"], "PLACE_UNKNOWN"],
  [["memories", "--near", "x".repeat(201)], "near: must have 1 to 200 characters"],
  [["memories", "--near", "38.71,-9.14", "--radius-km", "0"], "kilometres above 0"],
  [["memories", "--near", "38.71,-9.14", "--radius-km", "far"], "kilometres above 0"],
  [["memories", "--radius-km", "5"], "--near"],
  [["memories", "--area", "0.1:38.7"], "area: must be an area as `places` names them"],
  [["memories", "--area", "0.1:38.75:-9.2"], "area: must be"],
  [["memories", "--area", "1:91:0"], "area: must be"],
  [["memories", "--since", "yesterday"], "a date such as 2025-01-31"],
  [["memories", "--until", "2025-02-30"], "a date such as 2025-01-31"],
  [["memories", "--status", "done"], "Allowed choices are"],
  [["memories", "--limit", "0"], "a whole number from 1 to"],
  [["memories", "--text", ""], "text: must have"],
  [["memories", "--text", " \u0301 "], "text: must have a word"],
  [["query", "why", "--near", "38.71"], "near: must be a latitude and a longitude such as 38.71,-9.14"],
  [["query", "why", "--near", "Atlantis, Greece"], "PLACE_UNKNOWN"],
  [["query", "why", "--near", "Lisbon", "--radius-km", "0"], "kilometres above 0"],
  [["query", "why", "--since", "yesterday"], "a date such as 2025-01-31"],
  [["query", "why", "--until", "2025-02-30"], "a date such as 2025-01-31"],
  [["query", "why", "--since", "2025-02-01", "--until", "2025-01-31"], "RANGE_REVERSED"],
  [["query", "why", "--person", ""], "person: must have 1 to 100 characters"],
  [["query", "why", "--tag", "x".repeat(101)], "tag: must have 1 to 100 characters"],
  [["query", "why", "--connector-id", "nobody", "--tag", "x"], "CONNECTOR_UNKNOWN"],
  [["memories", "--tag", "x".repeat(101)], "tag: must have 1 to 100 characters"],
  [["memories", "--connector-id", "nobody"], "CONNECTOR_UNKNOWN"],
  [["memories", "--after", "nonsense"], "STATE_CURSOR_INVALID"],
  [["timeline", "--timezone", "Mars/Olympus"], "timezone: "],
  [["timeline", "--by", "year"], "Allowed choices are"],
  [["timeline", "--top", "21"], "a whole number from 0 to 20"],
  [["timeline", "--since", "2025-13-01"], "a date such as 2025-01-31"],
  [["timeline", "--after", "nonsense"], "STATE_CURSOR_INVALID"],
  [["places", "--size", "0.5"], "Allowed choices are"],
  [["places", "--within", "Lisbon"], "within: must be an area"],
  [["places", "--after", "nonsense"], "STATE_CURSOR_INVALID"],
];

test("what cannot be asked of memories, times and places is refused with what is wrong, and never answered with all", async () => {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: [{ id: one, context_id: CTX }]");
  for (const [args, said] of refused) {
    const { code, out, err } = await runCli(args, { cwd: folder });
    expect(err, args.join(" ")).toContain(said);
    expect([code === 0, out], args.join(" ")).toEqual([false, ""]);
    expect(err).not.toMatch(/^ +at /mu);
  }
});

test("who asks for what is near a town is told which of its name was meant, and how to ask for another one", async () => {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: [{ id: one, context_id: CTX }]");
  const asked = async (near: string) => (await runCli(["memories", "--near", near], { cwd: folder })).out;
  expect(await asked("paris")).toContain("within 10 km of Paris, Île-de-France, France (48.85341,2.3488)");
  expect(await asked("paris")).toContain("Paris, Texas, United States");
  expect(await asked("Paris, Texas")).toContain("10 km of Paris, Texas, United States");
  expect(await asked("48.85,2.35")).not.toContain("Paris");
});

test("who asks for words and finds none is told that only kept ones can be found", async () => {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: [{ id: one, context_id: CTX }]");
  const { code, out } = await runCli(["memories", "--text", "kayak"], { cwd: folder });
  expect([code, out]).toEqual([0, expect.stringContaining("`state.keep_text`")]);
  const other = await runCli(["memories", "--tag", "kayak"], { cwd: folder });
  expect(other.out).not.toContain("keep_text");
});

test("who asks for a tag, a person or a place and finds none is told which settings find more", async () => {
  const { folder, configure } = await makeWorld(0);
  configure("connectors: [{ id: one, context_id: CTX }]");
  for (const [option, setting] of [
    ["--tag", "extract_tags"],
    ["--person", "extract_tags"],
    ["--place", "geocoding"],
  ]) {
    const { code, out } = await runCli(["memories", String(option), "x"], { cwd: folder });
    expect([code, out]).toEqual([0, expect.stringContaining(`transformation.${setting}`)]);
  }
  expect((await runCli(["memories"], { cwd: folder })).out).toBe(
    "one was never read: no run of it has begun.\n",
  );
});
