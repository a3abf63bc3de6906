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
  ...globSync("docs/*.md", { cwd: root }).toSorted(),
].map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

/** The programs with their arguments in the shell blocks of a page, one each: continued lines joined, comments, pipes and assignments taken off. */
export function typedLines({ text }: DocPage): string[] {
  return [...text.matchAll(/^```(?:bash|sh|shell|console)\n(?<block>.*?)^```/gmsu)]
    .flatMap(({ groups }) => (groups?.block ?? "").replaceAll("\\\n", " ").split("\n"))
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
