import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

export interface DocPage {
  path: string;
  text: string;
}

/** What is written for the people who use the program. */
export const docPages: readonly DocPage[] = [
  "README.md",
  ...globSync(["docs/*.md", "docs/guides/*.md"], { cwd: root }).toSorted(),
].map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

/** What a page shows as code. */
export interface CodeBlock {
  /** As the page names it; empty for a drawing. */
  language: string;
  text: string;
}

/** All of them, those of lists too, without the blanks that they are moved in by. */
export function codeBlocks({ text }: DocPage): CodeBlock[] {
  const fences = text.matchAll(/^(?<margin> *)```(?<language>\w*)\n(?<block>.*?)^\k<margin>```$/gmsu);
  return Array.from(fences, ({ groups }) => {
    const { margin = "", language = "", block = "" } = groups ?? {};
    return { language, text: block.replaceAll(new RegExp(`^${margin}`, "gmu"), "") };
  });
}

const shells = new Set(["bash", "sh", "shell", "console"]);

/** The programs with their arguments in the shell blocks of a page, one each: continued lines joined, comments, pipes and assignments taken off. */
export function typedLines(page: DocPage): string[] {
  return codeBlocks(page)
    .filter(({ language }) => shells.has(language))
    .flatMap(({ text }) => text.replaceAll("\\\n", " ").split("\n"))
    .flatMap((line) => withoutComment(line).split(/ (?:&&|\||>|;) /u))
    .map((line) =>
      line
        .replace(/^\$ /u, "")
        .replace(/^\w+=\$\((?<inner>.*)\)$/u, "$<inner>")
        .trim(),
    )
    .filter((line) => line !== "" && !/^\S+$/u.test(line));
}

/** What stands between backticks in the prose of a page. */
export function codeSpans({ text }: DocPage): string[] {
  const prose = text.replaceAll(/^```.*?^```/gmsu, "");
  return [...prose.matchAll(/(?<!`)`([^`\n]+)`(?!`)/gu)].map(([, span = ""]) => span);
}

function withoutComment(line: string): string {
  return line.replace(/(?:^|\s+)# .*$/u, "");
}
