import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { ended, startCli } from "../support/cli.ts";
import { startInitAskingForLightRag } from "../support/init-on-pty.ts";
import { hasPty, startOnPty } from "../support/pty.ts";
import { cliJson, makeWorld } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const endings: [string, (session: ReturnType<typeof startOnPty>) => void][] = [
  ["Ctrl-C", (session) => session.type("\u0003")],
  ["Ctrl-D", (session) => session.type("\u0004")],
];

/** All that the terminal shows after the question. */
async function saidAfter(
  question: string,
  session: ReturnType<typeof startOnPty>,
  end: (typeof endings)[number][1],
): Promise<{ code: number | null; said: string }> {
  await session.shows(question);
  end(session);
  const code = await session.ended;
  const text = stripVTControlCharacters(session.shown()).replaceAll(/\s+/gu, " ");
  return { code, said: text.slice(text.indexOf(question) + question.length).trim() };
}

const oneTrueLine =
  "CANCELLED: the question was not answered; nothing was changed · run it again, or with --yes to be asked nothing";

test.skipIf(!hasPty).each(endings)(
  "%s at a confirmation (needs python3) ends it with 130 and one true line, and all is as it was",
  async (_, end) => {
    const { folder, configure } = await makeWorld(2);
    configure("connectors: [{ id: one, context_id: CTX, ingestion: { query_range: all } }]");
    expect((await ended(startCli(["sync"], folder))).code).toBe(0);
    const { memories } = await cliJson(folder, "memories", "--limit", "1");
    const id = memories[0].memoryId;
    const before = (await cliJson(folder, "status")).connectors[0].memories;
    for (const args of [["reset"], ["erase", "--memory", id]]) {
      const session = startOnPty([...args, "--connector-id", "one"], { cwd: folder });
      expect(await saidAfter("? [y/N]: ", session, end)).toEqual({ code: 130, said: oneTrueLine });
    }
    expect((await cliJson(folder, "status")).connectors[0].memories).toEqual(before);
  },
);

test.skipIf(!hasPty).each(endings)(
  "%s at the last question of init (needs python3) leaves no file behind",
  async (_, end) => {
    const folder = temporaryFolder();
    execFileSync("git", ["init", "-q"], { cwd: folder });
    const session = await startInitAskingForLightRag(folder);
    session.type("n\r");
    expect(await saidAfter("by .gitignore? [Y/n]: ", session, end)).toEqual({ code: 130, said: oneTrueLine });
    expect(readdirSync(folder)).toEqual([".git"]);
  },
);

test.skipIf(!hasPty)(
  "what is neither yes nor no (needs python3) is asked for again, at a confirmation and by init",
  async () => {
    const { folder, configure } = await makeWorld(0);
    configure("connectors: [{ id: one, context_id: CTX }]");
    const reset = startOnPty(["reset", "one"], { cwd: folder });
    await reset.shows("? [y/N]: ");
    reset.type("one\r");
    await reset.shows("answer yes or no [y/N]: ");
    reset.type("no\r");
    expect(await reset.ended).not.toBe(0);
    expect(reset.shown()).toContain("NOT_CONFIRMED");

    const init = await startInitAskingForLightRag(folder, "--config", "other.yaml");
    init.type("http://127.0.0.1:19621\r");
    await init.shows("answer yes or no [Y/n]: ");
    init.type("y\r");
    await init.shows("Address of the LightRAG");
    init.type("\u0003");
    expect(await init.ended).toBe(130);
  },
);
