/** As much of JSON Schema as the settings' schema uses. */
export interface Schema {
  type?: string;
  description?: string;
  default?: unknown;
  examples?: readonly unknown[];
  enum?: readonly string[];
  const?: unknown;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  minimum?: number;
  maximum?: number;
  /** A secret: it is taken, and never shown. */
  writeOnly?: boolean;
}

/** How a setting is asked for. What no field fits is written as JSON. */
export type FieldKind = "group" | "alternatives" | "choice" | "switch" | "number" | "text" | "lines" | "json";

export function kindOf(schema: Schema): FieldKind {
  if (schema.type === "object" && schema.properties !== undefined) return "group";
  if (alternativesOf(schema) !== null) return "alternatives";
  if (schema.enum !== undefined) return "choice";
  if (schema.type === "boolean") return "switch";
  if (schema.type === "integer" || schema.type === "number") return "number";
  if (isLines(schema) || (schema.anyOf?.some(isLines) && schema.anyOf.every(isOneOrLines))) return "lines";
  return isText(schema) ? "text" : "json";
}

const isLines = ({ type, items }: Schema): boolean => type === "array" && isText(items);

const isOneOrLines = (schema: Schema): boolean => isLines(schema) || isText(schema);

/** A text, or what may be written as one, such as a number or a duration. */
function isText(schema: Schema | undefined): boolean {
  if (schema === undefined) return false;
  if (schema.anyOf !== undefined) return schema.anyOf.every((each) => isText(each) || isNumber(each));
  return schema.type === "string";
}

export const isNumber = ({ type, anyOf }: Schema): boolean =>
  type === "number" || type === "integer" || (anyOf?.some(isNumber) ?? false);

/** Blocks for one place, each with settings of its own. */
export interface Alternatives {
  /** The setting that names the block. */
  key: string;
  /** By that name. */
  blocks: ReadonlyMap<string, Schema>;
}

/** Null for a schema that is no choice between blocks that a constant tells apart. */
export function alternativesOf({ oneOf, anyOf }: Schema): Alternatives | null {
  const blocks = oneOf ?? anyOf ?? [];
  const isNamedBy = (key: string) => blocks.every((block) => typeof constantOf(block, key) === "string");
  const key = Object.keys(blocks[0]?.properties ?? {}).find(isNamedBy);
  if (key === undefined) return null;
  return { key, blocks: new Map(blocks.map((block) => [String(constantOf(block, key)), block])) };
}

const constantOf = ({ properties }: Schema, key: string): unknown => properties?.[key]?.const;

/** What stands in the place of a secret, here as in answers of the service. Sent back, it keeps the secret that is there. */
export const mask = "***";

/** The names of secret settings, at any depth. */
export function secretNames(schema: Schema): ReadonlySet<string> {
  const inner = Object.entries(schema.properties ?? {});
  const below = [...inner.map(([, each]) => each), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (schema.items !== undefined) below.push(schema.items);
  return new Set([
    ...inner.filter(([, { writeOnly }]) => writeOnly === true).map(([name]) => name),
    ...below.flatMap((each) => [...secretNames(each)]),
  ]);
}

/** A copy to be shown of a value that stands at `path`: without the secrets of these names, and without the logins of addresses. */
export function shownValue(value: unknown, path: readonly string[], secrets: ReadonlySet<string>): unknown {
  if (value === undefined || value === null) return value;
  if (path.some((name) => secrets.has(name))) return mask;
  if (typeof value === "string") return value.replace(/(:\/\/)[^/?#\s]*@/gu, `$1${mask}@`);
  if (typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((each) => shownValue(each, [], secrets));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, shownValue(inner, [name], secrets)]),
  );
}

/** What was typed into a field, as the setting's value; undefined leaves it out. Throws `SyntaxError` for broken JSON. */
export function typedValue(schema: Schema, typed: string): unknown {
  if (typed.trim() === "") return undefined;
  switch (kindOf(schema)) {
    case "number":
      return numberOr(typed);
    case "lines":
      return linesOf(schema, typed);
    case "json":
      return JSON.parse(typed);
    default:
      return isNumber(schema) ? numberOr(typed) : typed;
  }
}

/** A single line is a text where the setting may be one. */
function linesOf(schema: Schema, typed: string): string | readonly string[] | undefined {
  const lines = typed
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return schema.type !== "array" && lines.length === 1 ? lines[0] : lines;
}

/**
 * What is wrong with a text that is not JSON, as it follows on the name of its setting. The text itself is not repeated, as browsers do
 * it: there may be a secret in it.
 */
export function brokenJson(schema: Schema, thrown: unknown): string {
  const [, line, column] =
    /line (\d+),? column (\d+)/u.exec(thrown instanceof Error ? thrown.message : "") ?? [];
  const from = line === undefined ? "" : ` from line ${line}, column ${column} on`;
  return `is not JSON${from}: write it like ${exampleOf(schema)}`;
}

/** A value of a setting that is written as JSON. */
export function exampleOf({ examples: [example] = [] }: Schema): string {
  return JSON.stringify(example ?? {});
}

/** What holds when a setting is left out. */
export function leftOut({ default: fallback }: Schema): string {
  if (fallback === undefined) return "not set";
  const isEmpty =
    fallback === "" || (typeof fallback === "object" && Object.keys(fallback ?? {}).length === 0);
  if (isEmpty) return "empty, when left out";
  return `${typeof fallback === "object" ? JSON.stringify(fallback) : fallback}, when left out`;
}

/** What stands in the empty field of a setting that is needed: `such as ./vault`. */
export function needed({ examples: [example] = [] }: Schema): string {
  return example === undefined ? "needed" : `such as ${textOf({ type: "string" }, example)}`;
}

/** A text that is no number is sent as it is: the service says what is wrong with it. */
function numberOr(typed: string): number | string {
  return Number.isFinite(Number(typed)) ? Number(typed) : typed;
}

/** A setting's value as it stands in its field. */
export function textOf(schema: Schema, value: unknown): string {
  if (value === undefined || value === null) return "";
  const kind = kindOf(schema);
  if (kind === "lines" && Array.isArray(value)) return value.join("\n");
  return kind === "json" || typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);
}
