import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { CommandSpec } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";

/** Where the page of the command line takes them from; with UPDATE_SAMPLES=1 a test that compares writes them instead. */
const samples = join(import.meta.dirname, "../../scripts/docs/samples");

/** More than this of one text says nothing new. */
const longestSample = 64;

/** The names of the samples that are kept. */
export function keptSamples(): string[] {
  return globSync("*.txt", { cwd: samples }).map((name) => name.slice(0, -".txt".length));
}

/** The names of all commands that do something. */
export function commandNames(): string[] {
  const namesOf = (spec: CommandSpec, route: string): string[] => [
    ...(spec.run === undefined ? [] : [route]),
    ...(spec.children ?? []).flatMap((child) => namesOf(child, `${route} ${child.name}`)),
  ];
  return commands.flatMap((spec) => namesOf(spec, spec.name));
}

/** Compares what a command printed with the sample that is kept, but for what moves. */
export function expectSample(args: readonly string[], text: string): void {
  const path = join(samples, `${nameOf(args)}.txt`);
  const typed = args.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ");
  const printed = `$ memory-connector ${typed}\n${withoutSecrets(shortened(text.trimEnd()))}\n`;
  const kept = existsSync(path) ? readFileSync(path, "utf8") : "";
  expect(printed.split("\n").length, printed).toBeGreaterThan(2);
  expect(printed).not.toMatch(
    /(?<![\d.,:-])1 (?:memories|documents|entities|relations|runs|connectors|warnings|times|letters|entries)\b/u,
  );
  if (withoutWhatMoves(kept) === withoutWhatMoves(printed)) return;
  if (process.env.UPDATE_SAMPLES === undefined)
    expect(withoutWhatMoves(printed)).toBe(withoutWhatMoves(kept));
  mkdirSync(samples, { recursive: true });
  writeFileSync(path, printed);
}

function nameOf([first = "", second = ""]: readonly string[]): string {
  const isGroup = commands.some(({ name, children }) => name === first && children !== undefined);
  return isGroup ? `${first} ${second}` : first;
}

function shortened(text: string): string {
  const lines = text.split("\n");
  return lines.length <= longestSample ? text : [...lines.slice(0, longestSample), "…"].join("\n");
}

/** Keys that were made a moment ago are nobody's, and still are not to be shown. */
function withoutSecrets(text: string): string {
  return text.replaceAll(/mck_[\w-]+/gu, "mck_…").replaceAll(/^[\w+/]{43}=$/gmu, "…");
}

/**
 * Times, durations, sizes, versions, ids that are made anew, who runs it, with their widths the blanks of tables, and the order in which
 * the tries of a check end.
 */
function withoutWhatMoves(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/gu, "<time>")
    .replaceAll(/\d{8}T\d{6}-[0-9a-f]+|\b(?=[a-f]*\d)[0-9a-f]{8,}\b|\b[a-f]{8}\b/gu, "<id>")
    .replaceAll(/<?\d[\d.,]* (?:ms|s|min|h|d)\b(?: \d+ (?:s|min|h)\b)?/gu, "<span>")
    .replaceAll(/\d[\d.,]* [kMGT]?B\b/gu, "<size>")
    .replaceAll(/(?<![\d.])\d+\.\d+\.\d+(?![\d.])/gu, "<version>")
    .replaceAll(/cli \S+ +\S+/gu, "<who>")
    .replaceAll(/127\.0\.0\.1:\d+/gu, "<address>")
    .replaceAll(/ +/gu, " ")
    .replaceAll(/(?:^(?:ok|FAIL) .*\n)+/gmu, (lines) => lines.split("\n").toSorted().join("\n"));
}
