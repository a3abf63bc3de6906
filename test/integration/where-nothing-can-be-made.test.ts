import { mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { ended, runCli, startCli } from "../support/cli.ts";
import { makeWorld } from "../support/service.ts";

const connector = "connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all } }]";

/** Places in which neither a file nor a folder can be made, from the folder of the configuration. */
const places = {
  "below a file": "file/x",
  "below a link to nothing": "dangling/x",
  "below a link to itself": "loop/x",
  "a name that is too long": `${"a".repeat(300)}/x`,
  "below a device": "/dev/null/x",
  "in /proc": "/proc/x",
  "far below /proc": "/proc/x/y/z",
} as const;

/** Command lines that make something at a place, and what they are configured with. */
const uses: Readonly<
  Record<string, (place: string) => { words: string[]; rest?: string; lightrag?: string }>
> = {
  "an SQLite state": (place) => ({ words: ["sync"], rest: `state: { path: ${place} }` }),
  "a JSON state": (place) => ({ words: ["sync"], rest: `state: { backend: json, path: ${place} }` }),
  "a direct folder": (place) => ({
    words: ["sync"],
    lightrag: `{ mode: direct, direct: { working_dir: ${place} } }`,
  }),
  backup: (place) => ({ words: ["backup", place] }),
  export: (place) => ({ words: ["export", place] }),
  "demo --keep": (place) => ({ words: ["demo", "--keep", place] }),
  "import --into": (place) => ({ words: ["import", "list.jsonl", "--into", place] }),
  "init --config": (place) => ({ words: ["init", "--yes", "--config", place] }),
  "state migrate": (place) => ({
    words: ["state", "migrate", "--to", "sqlite", "--from", "state.json"],
    rest: `state: { path: ${place} }`,
  }),
};

async function makeAwkwardWorld() {
  const world = await makeWorld(1);
  writeFileSync(join(world.folder, "file"), "");
  writeFileSync(join(world.folder, "list.jsonl"), '{"id":"a","at":"2026-03-01","text":"x"}\n');
  symlinkSync(join(world.folder, "nowhere", "nothing"), join(world.folder, "dangling"));
  symlinkSync("loop", join(world.folder, "loop"));
  return world;
}

/** The codes of the errors that were told. */
const codesIn = (text: string) =>
  [...text.matchAll(/\b(?:STATE|DIRECT|ARCHIVE|CONFIG|SYSTEM)_[A-Z_]+|INTERNAL/gu)].map(String);

test.each(Object.keys(uses))("%s where nothing can be made is one coded line", async (use) => {
  const { folder, configure } = await makeAwkwardWorld();
  for (const state of ["", "state: { backend: json, path: state.json }"]) {
    configure(`${state}\n${connector}`);
    await runCli(["sync"], { cwd: folder });
  }
  for (const [name, place] of Object.entries(places)) {
    const { words, rest = "", lightrag } = uses[use]!(place);
    configure(`${rest}\n${connector}`, lightrag === undefined ? {} : { lightrag });
    const { code, out, err } = await runCli(words, { cwd: folder });
    const expected = [expect.stringMatching(/_(FAILED|UNUSABLE|NOT_WRITTEN|REFUSED)$/u)];
    expect([name, code, codesIn(out + err)]).toEqual([
      name,
      expect.toSatisfy((value) => value > 0),
      expected,
    ]);
    expect(out + err).not.toMatch(/^\s+at /mu);
    // In our words, not in those of the runtime.
    expect(out + err).not.toMatch(/\bE[A-Z]{3,}: |\b(?:mkdir|open|stat) '/u);
  }
});

test.each(Object.entries(places))("a log file %s is told and stops nothing", async (_, place) => {
  const { folder, configure } = await makeAwkwardWorld();
  configure(`logging: { file: { enabled: true, path: ${place} } }\n${connector}`);
  let told = "";
  const logs = new PassThrough().on("data", (part) => {
    told += part;
  });
  const { code } = await runCli(["sync"], { cwd: folder, logs });
  expect([code, told]).toEqual([0, expect.stringContaining("cannot be written")]);
});

test.each(["json", "sqlite"])(
  "a folder or a device is no place for a %s state, and is left alone",
  async (backend) => {
    const { folder, configure } = await makeAwkwardWorld();
    mkdirSync(join(folder, "folder"));
    for (const place of ["/dev/null", "folder"]) {
      configure(`state: { backend: ${backend}, path: ${place} }\n${connector}`);
      for (const words of [["sync"], ["status"]]) {
        const { code, err } = await runCli(words, { cwd: folder });
        expect([code !== 0, err]).toEqual([
          true,
          expect.stringMatching(
            /^STATE_READ_FAILED: \S* is (?:a folder|no file) · set state\.path to a file/u,
          ),
        ]);
      }
    }
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
    expect(readdirSync(join(folder, "folder"))).toEqual([]);
  },
);

test("temporary files where nothing can be made are one coded line, and keep no command from working", async () => {
  const { folder, configure } = await makeAwkwardWorld();
  configure(connector);
  for (const TMPDIR of ["/proc/x", "/proc", "/dev/null", join(folder, "loop")]) {
    const demo = await ended(startCli(["demo"], folder, { TMPDIR }));
    const said = new RegExp(
      `^SYSTEM_REFUSED: no temporary folder can be made in ${TMPDIR}: [^\\n]* · set TMPDIR [^\\n]*\\n$`,
      "u",
    );
    expect([demo.code, demo.err]).toEqual([2, expect.stringMatching(said)]);
  }
  expect(await ended(startCli(["sync"], folder, { TMPDIR: "/proc/x" }))).toMatchObject({ code: 0 });
});
