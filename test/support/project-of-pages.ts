import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";

const root = join(import.meta.dirname, "../..");

/** A file that a page writes, or what it changes in one that is there. Paths begin at the root of the project. */
interface PageBlock {
  kind: "ts" | "diff";
  path: string;
  text: string;
}

/** The project after somebody has done what pages say; none of it is typed a second time. */
export interface ProjectOfPages {
  /** The new files, with what the pages write into them. */
  written: readonly PageBlock[];
  /** Imports a module of that project: all that it works with is that project's, too. */
  load<Module>(path: string): Promise<Module>;
  /** What the compiler says of all of `src`, and the linter of the new files; empty when they are content. */
  complaints(): string;
}

/** Follows pages of `docs` in a copy of this project, which is removed after the tests of the file. */
export function projectOf(...pages: string[]): ProjectOfPages {
  const blocks = pages.flatMap((page) => blocksOf(readFileSync(join(root, "docs", page), "utf8")));
  const folder = copyOfProject();
  for (const block of blocks) follow(folder, block);
  const written = blocks.filter(({ kind }) => kind === "ts");
  return {
    written,
    load: (path) => import(/* @vite-ignore */ join(folder, path)),
    complaints: () => compile(folder, pathsOf(blocks)) + lint(folder, pathsOf(written)),
  };
}

const pathsOf = (blocks: readonly PageBlock[]) => Array.from(new Set(blocks.map(({ path }) => path)));

/** All code of a page names its file, so that none is shown that nobody has run. */
function blocksOf(page: string): PageBlock[] {
  return Array.from(page.matchAll(/^```(ts|diff)\n(.*?)^```/gmsu), ([, kind, code = ""]) => {
    const [, path, text = ""] = /^(?:\/\/|---) ((?:src|test)\/\S+)\n(.*)$/su.exec(code) ?? [];
    if (path === undefined) throw new Error(`code that names no file:\n${code}`);
    return { kind: kind as PageBlock["kind"], path, text };
  });
}

/** What a page changes lies there as a copy, the rest as links. */
function copyOfProject(): string {
  const folder = mkdtempSync(join(tmpdir(), "memory-connector-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const copied = ["src", "test"];
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
  for (const name of readdirSync(root).filter((each) => !copied.includes(each) && each !== ".git"))
    symlinkSync(join(root, name), join(folder, name));
  return folder;
}

function follow(folder: string, { kind, path, text }: PageBlock): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, kind === "ts" ? text : changed(readFileSync(file, "utf8"), path, text));
}

/** Each part of a diff has to fit in one place only; a part without known lines goes to the top. */
function changed(before: string, path: string, diff: string): string {
  let text = before;
  for (const part of diff.split(/^@@.*\n/mu)) {
    const lines = part.match(/^[ +-].*\n/gmu) ?? [];
    const side = (dropped: string) =>
      lines
        .filter((line) => !line.startsWith(dropped))
        .map((line) => line.slice(1))
        .join("");
    const [old, made] = [side("+"), side("-")];
    if (old !== "" && text.split(old).length !== 2) throw new Error(`${path} has not once:\n${old}`);
    text = old === "" ? made + text : text.replace(old, () => made);
  }
  return text;
}

function compile(folder: string, files: readonly string[]): string {
  const settings = join(folder, "tsconfig.page.json");
  writeFileSync(settings, JSON.stringify({ extends: "./tsconfig.json", include: ["src"], files }));
  return complaintsOf("tsc", ["-p", settings], folder);
}

function lint(folder: string, files: readonly string[]): string {
  const only = ["--error-on-warnings", "--vcs-enabled=false", "--colors=off"];
  return complaintsOf("biome", ["check", ...only, ...files], folder);
}

function complaintsOf(program: string, words: readonly string[], cwd: string): string {
  try {
    execFileSync(join(root, "node_modules/.bin", program), words, { cwd, encoding: "utf8", stdio: "pipe" });
    return "";
  } catch (thrown) {
    const { stdout, stderr, status } = thrown as { stdout: string; stderr: string; status: number | null };
    if (status === null) throw thrown;
    return `${stdout}${stderr}`;
  }
}
