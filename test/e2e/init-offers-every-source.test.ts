import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sourceKinds, sourceSettings } from "../../src/sources/source-settings.ts";
import { runCli } from "../support/cli.ts";
import { startHttpServer } from "../support/http-server.ts";
import { joplinWorld } from "../support/joplin-world.ts";
import { memosWorld } from "../support/memos-world.ts";
import { limitlessWorld, omiWorld } from "../support/omi-world.ts";
import { hasPty, type PtySession, startOnPty } from "../support/pty.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

test("every kind of source is offered, each once, and asks for all that it needs", () => {
  expect(sourceKinds.map(({ type }) => type).toSorted()).toEqual(
    sourceSettings.options.map(({ shape }) => shape.type.value).toSorted(),
  );
  for (const { type, asks } of sourceKinds) {
    const block = sourceSettings.options.find(({ shape }) => shape.type.value === type);
    for (const [setting, schema] of Object.entries(block?.shape ?? {}))
      if (setting !== "type" && !schema.safeParse(undefined).success)
        expect(asks.map((each) => each.setting)).toContain(setting);
  }
});

type Answers = readonly (readonly [question: string, answer: string])[];

async function answer(session: PtySession, answers: Answers): Promise<void> {
  for (const [question, said] of answers) {
    await session.shows(question);
    session.type(`${said}\r`);
  }
}

/** A wrong answer to each source, what is said of it, and then the right one. */
interface Story {
  wrong: Answers;
  said: string;
  right: Answers;
  found: string;
  secret?: string;
}

function served(what: string, { url, key }: { url: string; key: string }, place: string): Story {
  return {
    wrong: [
      [`Address of ${place}`, url],
      [what, "wrong-key"],
    ],
    said: "SOURCE_UNAUTHORIZED",
    right: [
      [`Address of ${place}`, ""],
      [what, key],
    ],
    found: "is reachable",
    secret: key,
  };
}

function filesIn(folder: string) {
  mkdirSync(join(folder, "vault"));
  writeFileSync(join(folder, "vault", "a.md"), "A note.");
  writeFileSync(
    join(folder, "list.jsonl"),
    '{"id":"a","text":"A line.","created_at":"2026-03-01T08:15:00Z"}\n',
  );
}

/** A server of the preset `mcp_memory_service` with one memory. */
async function memoryService() {
  const key = "right-key";
  const memories = [{ content_hash: "a", content: "A memory.", created_at: 1_700_000_000 }];
  const { url } = await startHttpServer((request, response) => {
    const isRight = request.headers["x-api-key"] === key;
    response.writeHead(isRight ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(isRight ? { memories, total: 1, has_more: false } : { detail: "no" }));
  });
  return { url, key };
}

const stories = new Map<string, (folder: string) => Promise<Story> | Story>([
  [
    "folder",
    () => ({
      wrong: [["The folder [./vault]", "./missing"]],
      said: "cannot be read",
      right: [["The folder [./missing]", "./vault"]],
      found: "can be read",
    }),
  ],
  [
    "transcripts",
    () => ({
      wrong: [["The folder [./recordings]", "./list.jsonl"]],
      said: "it is a file",
      right: [["The folder", "vault"]],
      found: "can be read",
    }),
  ],
  [
    "files",
    () => ({
      wrong: [
        ["The file", "./missing.jsonl"],
        ["What they are (auto, jsonl,", "parquet"],
        ["It must be one of", ""],
      ],
      said: "missing.jsonl",
      right: [
        ["The file", "./list.jsonl"],
        ["What they are", "jsonl"],
      ],
      found: "can be read",
    }),
  ],
  ["joplin", async () => served("Its authorisation token", await joplinWorld(), "Joplin")],
  ["memos", async () => served("Its access token", await memosWorld(), "Memos")],
  ["omi", async () => served("Its developer key", await omiWorld(), "Omi")],
  ["limitless", async () => served("Its key", await limitlessWorld(), "Limitless")],
  [
    "http_json",
    async () => {
      const { url, key } = await memoryService();
      return {
        wrong: [
          ["The kind of server", "mcp_memory_service"],
          ["Address of the server", "localhost"],
          ["It must be a URL", url],
          ["Its key", "wrong-key"],
        ],
        said: "SOURCE_UNAUTHORIZED",
        right: [
          ["The kind of server", ""],
          ["Address of the server", ""],
          ["Its key", key],
        ],
        found: "is reachable",
        secret: key,
      };
    },
  ],
]);

test.skipIf(!hasPty).each([...stories])(
  "on a terminal (needs python3) init asks for %s, says what is wrong, asks again, and what it writes works",
  async (type, tell) => {
    const folder = temporaryFolder();
    filesIn(folder);
    const { wrong, said, right, found, secret } = await tell(folder);
    const session = startOnPty(["init"], { cwd: folder, columns: 200 });
    await answer(session, [
      ["Its number or name [memory_api]", "none of these"],
      ["none of them", type],
      ...wrong,
    ]);
    await session.shows(said);
    await answer(session, [["Change these answers?", ""], [`Its number or name [${type}]`, ""], ...right]);
    await session.shows(found);
    await answer(session, [["Is there a LightRAG server?", "n"]]);
    expect(await session.ended).toBe(0);
    const text = readFileSync(join(folder, "config.yaml"), "utf8");
    expect(text).toContain(`type: ${type}`);
    for (const shown of [text, session.shown()])
      if (secret !== undefined) expect(shown).not.toContain(secret);
    const checked = await runCli(["check"], { cwd: folder });
    expect(checked.out).toContain(found);
    expect(checked).toMatchObject({ code: 0 });
  },
);

test.skipIf(!hasPty)(
  "on a terminal (needs python3) a text may be the source, and a server that is down is kept by a plain Enter",
  async () => {
    const folder = temporaryFolder();
    const session = startOnPty(["init"], { cwd: folder, columns: 200 });
    await answer(session, [
      ["Its number or name", "5"],
      ["Address of Joplin", "http://127.0.0.1:1"],
      ["Its authorisation token (not shown) [needed]", ""],
      ["It is needed", "a-token"],
    ]);
    await session.shows("SOURCE_UNREACHABLE");
    await answer(session, [
      ["[y/N]", "y"],
      ["Its number or name [joplin]", "in_memory"],
      ["The first text", "The boat goes ${back} into the water."],
    ]);
    await session.shows("can be read");
    await answer(session, [["Is there a LightRAG server?", "n"]]);
    expect(await session.ended).toBe(0);
    expect(await runCli(["sync"], { cwd: folder })).toMatchObject({
      code: 0,
      out: expect.stringContaining("1 proved processed"),
    });
  },
);
