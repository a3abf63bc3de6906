import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { declaredSettings } from "../../src/config/schema/settings.ts";
import { notYet } from "../../src/config/unbuilt-settings.ts";
import { choiceOf } from "../../src/kernel/settings/choice.ts";
import { pathText } from "../../src/kernel/settings/path.ts";
import { coreOf, defaultOf, isRequired, metadataOf, type Setting } from "../../src/kernel/settings/walk.ts";
import { code, fenced, generatedNote, page, table } from "./markdown.ts";

/** The prose is in `introduction.md`, an example for a block in `examples/BLOCK.yaml`. A test loads every YAML of the page. */
const here = import.meta.dirname;

/** The reference of all settings: a section for each block of the file, a table for each map in it. */
export function renderConfiguration(): string {
  const settings = declaredSettings().filter((setting) => !isBeneathReference(setting));
  const blocks = settings.filter(({ isBlock, facts }) => isBlock && facts.sameAs === undefined);
  return page([
    "# Configuration",
    generatedNote("src/config/schema"),
    readFileSync(join(here, "introduction.md"), "utf8").trim(),
    environmentTable(settings),
    "## Settings",
    "Durations are numbers of seconds or texts such as `500ms`, `90s`, `15m`, `6h` and `1d`.",
    ...blocks.flatMap((block) => section(block, settings)),
  ]);
}

/** A connector's own `memory_api` and `lightrag`, and a source of the type `memory_api`, have the keys of the blocks of that name. */
function isBeneathReference({ pattern, ofType }: Setting): boolean {
  if (ofType !== undefined) return isBlockOfFile(ofType);
  return (
    pattern.length > 3 && pattern[0] === "connectors" && ["memory_api", "lightrag"].includes(pattern[2] ?? "")
  );
}

const isBlockOfFile = (name: string): boolean =>
  declaredSettings().some(({ pattern }) => pattern.length === 1 && pattern[0] === name);

function environmentTable(settings: readonly Setting[]): string {
  const rows = settings.flatMap(({ pattern, facts }) =>
    facts.env === undefined ? [] : [[code(facts.env), code(pathText(pattern))]],
  );
  return table(["variable", "overrides"], rows);
}

function section(block: Setting, settings: readonly Setting[]): string[] {
  const name = pathText(block.pattern);
  const level = block.pattern.length === 1 ? "###" : "####";
  const example = join(here, "examples", `${name}.yaml`);
  const keys = settings.filter((setting) => pathText(parentOf(setting)) === pathText(itemOf(block)));
  const types = choiceOf(coreOf(block.schema))?.blocks ?? [];
  return [
    `${level} ${name}`,
    description(block),
    ...(existsSync(example) ? [fenced("yaml", readFileSync(example, "utf8"))] : []),
    keyTable(keys.filter(({ ofType }) => ofType === block.ofType)),
    ...[...types].flatMap(([type, kind]) => keysOfType(type, metadataOf(kind)?.description ?? "", keys)),
  ];
}

/** What a block of this type stands for, and what else stands in it. */
function keysOfType(type: string, meaning: string, keys: readonly Setting[]): string[] {
  if (isBlockOfFile(type))
    return [
      `With \`type: ${type}\` (${meaning}): the keys of [${code(type)}](#${type}); its \`url\` is needed.`,
    ];
  return [`With \`type: ${type}\` (${meaning}):`, keyTable(keys.filter(({ ofType }) => ofType === type))];
}

const keyTable = (keys: readonly Setting[]): string =>
  table(["key", "type", "default", "meaning"], keys.map(row));

const parentOf = ({ pattern }: Setting): readonly string[] => pattern.slice(0, -1);

/** Where the keys of a block's map are: of a list, in its items. */
const itemOf = ({ pattern, schema }: Setting): readonly string[] =>
  coreOf(schema) instanceof z.ZodArray ? [...pattern, "[]"] : pattern;

function row(setting: Setting): string[] {
  return [code(setting.pattern.at(-1) ?? ""), typeCell(setting), defaultText(setting), description(setting)];
}

function description({ pattern, facts }: Setting): string {
  const { env, secret, synonyms = [] } = facts;
  const path = pathText(pattern);
  return [
    facts.description,
    secret ? "Secret." : "",
    env === undefined ? "" : `Variable ${code(env)}.`,
    synonyms.length === 0 ? "" : `Also written ${synonyms.map(code).join(", ")}.`,
    notYet.some((entry) => entry.pattern === path) ? "**No effect in this version.**" : "",
  ]
    .filter(Boolean)
    .join(" ");
}

function defaultText({ schema, facts, isBlock }: Setting): string {
  const standard = defaultOf(schema);
  if (facts.defaultText !== undefined) return facts.defaultText;
  if (isBlock) return "";
  if (standard !== undefined) return code(JSON.stringify(standard).replace(/^"(.+)"$/, "$1"));
  return isRequired(schema) ? "required" : exampleText(facts.example);
}

const exampleText = (example: unknown): string =>
  example === undefined
    ? ""
    : `none; for example ${code(typeof example === "string" ? example : JSON.stringify(example))}`;

/** A block's type leads to its section. */
function typeCell({ pattern, schema, facts, isBlock }: Setting): string {
  const type = typeText(schema);
  const target = facts.sameAs ?? pathText(pattern);
  return isBlock ? `[${type}](#${target.replace(/[^\w-]/g, "")})` : type;
}

function typeText(schema: z.core.$ZodType): string {
  const title = titleOf(schema);
  const core = coreOf(schema);
  if (title !== undefined) return title;
  if (core instanceof z.ZodEnum) return core.options.map((option) => code(String(option))).join(", ");
  if (core instanceof z.ZodArray) return `list of ${plural(typeText(core.element))}`;
  if (core instanceof z.ZodObject || choiceOf(core) !== null) return "block";
  return core instanceof z.ZodBoolean ? "boolean" : core instanceof z.ZodNumber ? "number" : "text";
}

const plural = (type: string): string => (type.endsWith("s") ? type : `${type}s`);

/** A type's name from its builder, wherever in the wrapping it stands. */
function titleOf(schema: z.core.$ZodType): string | undefined {
  const title = schema instanceof z.ZodType ? schema.meta()?.title : undefined;
  if (title !== undefined) return title;
  const wrapped = schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional;
  return wrapped ? titleOf(schema.unwrap()) : undefined;
}
