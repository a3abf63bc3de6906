import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cleanText } from "../../src/sinks/lightrag/clean-text.ts";
import { runCli } from "../support/cli.ts";
import { makeWorld } from "../support/service.ts";

const secret = /silva|secret/iu;

/** A world whose connector reads the folder `vault`, takes out what is said, and delivers to a server or into a folder. */
async function redactingWorld() {
  const { folder, lightrag, configure } = await makeWorld(0);
  mkdirSync(join(folder, "vault"));
  const write = (name: string, text: string | Buffer) => {
    const file = join(folder, "vault", name);
    writeFileSync(file, text);
    utimesSync(file, 1_700_000_000, 1_700_000_000);
  };
  const declare = (ingestion: object, { sink, rest = "" }: { sink?: string; rest?: string } = {}) =>
    configure(
      `state: { path: ./state.db, keep_text: 500 }
logging: { file: ./log.txt, level: DEBUG }
connectors:
  - id: notes
    context_id: VAULT
    schedule: { type: manual }
    transformation: { strategy: rich, geocoding: false }
    ingestion: ${JSON.stringify(ingestion)}
    ${rest}
    source: { type: folder, path: ./vault, settle: 0s }`,
      sink === undefined ? {} : { lightrag: sink },
    );
  const run = (...args: string[]) => runCli(args, { cwd: folder });
  const texts = () => [...lightrag.texts()].map(([name, text]) => `${name}\n${text}`);
  return { folder, write, declare, run, texts };
}

const redact = { names: ["Ana Silva", "Silva"], patterns: ["secret\\w*"] };

function writeNotes(write: (name: string, text: string | Buffer) => void) {
  const hidden = "Also S&#105;lva, An&#97; **Silva** and S<b>il</b>va, with s&#101;crets.";
  write(
    "a.md",
    `---\ntags: [ana-silva, "S&#105;lva", sea]\ntitle: With S&#105;lva\n---\nMet Ana Silva at the sea. Silva's secrets stay. ${hidden}`,
  );
  write("Ana Silva 2.md", "She came back.");
  write("b.md", "The boat goes back into the water.");
  write("silva broken.md", Buffer.from("caf\xe9", "latin1"));
}

test("a name and a pattern reach neither LightRAG nor a list, a search, a dead letter or a log", async () => {
  const { folder, write, declare, run, texts } = await redactingWorld();
  writeNotes(write);
  declare({ redact });
  const synced = await run("sync", "--verbose");
  expect(synced).toMatchObject({ code: 3, out: expect.stringContaining("3 proved processed") });
  expect(texts()).toHaveLength(3);
  expect(texts().join()).toContain("Met [redacted] at the sea. [redacted]'s [redacted] stay.");
  const told = [
    synced,
    await run("memories", "list", "--json"),
    await run("dead-letters", "list", "--json"),
    await run("status", "--json"),
    await run("history", "--json"),
    await run("export", "--to", "archive"),
  ];
  expect(told.map(({ out, err }) => out + err).join("\n")).not.toMatch(secret);
  expect(cleanText(texts().join("\n")).replaceAll(/<[^<>]*>|\*/gu, "")).not.toMatch(secret);
  for (const file of ["log.txt", "archive"].filter((name) => existsSync(join(folder, name))))
    expect(readFileSync(join(folder, file), "utf8")).not.toMatch(/ana silva|silva's/iu);
  expect((await run("sync")).out).toContain("0 submitted");
});

test("in direct mode no file of LightRAG has them", async () => {
  const { folder, write, declare, run } = await redactingWorld();
  writeNotes(write);
  declare({ redact }, { sink: "{ mode: direct, direct: { working_dir: ./rag } }" });
  expect(await run("sync")).toMatchObject({ out: expect.stringContaining("3 proved processed") });
  const files = readdirSync(join(folder, "rag"), { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  expect(files.length).toBeGreaterThan(3);
  for (const { parentPath, name } of files)
    expect(readFileSync(join(parentPath, name), "latin1")).not.toMatch(secret);
});

test("a redaction that was changed sends the memories again that it touches, as plan says, and no other", async () => {
  const { write, declare, run, texts } = await redactingWorld();
  for (const id of ["c", "d", "e"]) write(`${id}.md`, `Note ${id}.`);
  writeNotes(write);
  declare({});
  await run("sync");
  expect(texts().join()).toMatch(/Met Ana Silva/u);
  declare({ redact });
  // a.md in another form, and another document in the place of `Ana Silva 2.md`.
  expect((await run("plan")).out).toMatch(/2 documents.*1 new · 1 changed · 4 unchanged/su);
  expect((await run("sync")).out).toContain("2 submitted");
  expect(texts()).toHaveLength(6);
  expect(texts().join()).not.toMatch(secret);
  expect((await run("sync")).out).toContain("0 submitted");
});

test("a memory that was erased stays erased under the id that it is told by, and the other way round", async () => {
  const { write, declare, run, texts } = await redactingWorld();
  write("Silva.md", "Erased under its own id.");
  write("b.md", "stays");
  declare({});
  await run("sync");
  expect(await run("erase", "--memory", "Silva.md", "--yes")).toMatchObject({ code: 0 });
  declare({ redact });
  await run("sync");
  expect(texts()).toEqual([expect.stringContaining("stays")]);
  declare({});
  await run("sync");
  expect(texts()).toEqual([expect.stringContaining("stays")]);
});

test("the filter asks what the source says, also of words that are taken out", async () => {
  const { folder, write, declare, run, texts } = await redactingWorld();
  write("a.md", "Silva is here.");
  write("b.md", "Somebody is here.");
  declare({ filter: "text contains silva", redact });
  await run("sync");
  expect(texts()).toEqual([expect.stringContaining("[redacted] is here.")]);
  renameSync(join(folder, "vault", "a.md"), join(folder, "vault", "silva.md"));
  await run("sync");
  expect(texts()).toHaveLength(1);
});

test.each([
  [{ patterns: ["(a)\\1"] }, "refers back to a group"],
  [{ names: ["A"] }, "fewer than two letters"],
  [{ names: ["Max"], replacement: "xxx" }, "a sign of the name"],
  [{ names: ["Ann"], replacement: "(Ann)" }, 'contains the name "Ann"'],
])("the redaction %j is refused with its place and its reason", async (refused, reason) => {
  const { declare, run } = await redactingWorld();
  declare({ redact: refused });
  const { code, out, err } = await run("sync");
  expect(code).toBe(2);
  expect(out + err).toContain("ingestion.redact");
  expect(out + err).toContain(reason);
});

test("where the replacement that nobody has given is refused, it is not advised", async () => {
  const { declare, run } = await redactingWorld();
  declare({ redact: { names: ["Redacted"] } });
  const { code, out, err } = await run("sync");
  expect(code).toBe(2);
  expect(out + err).toContain('contains the name "Redacted"');
  expect(out + err).not.toContain("[redacted]");
});
