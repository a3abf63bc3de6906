import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { wordsOf } from "../support/parse-command-line.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const broken = 'memory_api:\n  url: "http://127.0.0.1:8080\n';

/** Types the first command that an error advises. */
async function typeHint(error: string, folder: string) {
  const [, words = ""] = /`memory-connector ([^`]*)`/u.exec(error) ?? [];
  return { words, answer: await runCli(wordsOf(words), { cwd: folder }) };
}

test.each(["config.yaml", "all-settings.yaml"])(
  "who has broken %s is told how to get a whole file to compare with, again and again, and the broken one stays",
  async (name) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, name), broken);
    for (let time = 0; time < 3; time++) {
      const { code, err } = await runCli(["validate", "--config", name], { cwd: folder });
      expect([code, err]).toEqual([2, expect.stringContaining("CONFIG_SYNTAX")]);
      const { words, answer } = await typeHint(err, folder);
      expect([words, answer.code, answer.err]).toEqual([
        expect.stringMatching(/^init --full --config /u),
        0,
        expect.not.stringContaining("CONFIG_EXISTS"),
      ]);
    }
    expect(readFileSync(join(folder, name), "utf8")).toBe(broken);
  },
);
