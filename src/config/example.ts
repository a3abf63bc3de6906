import { stringify } from "yaml";
import * as z from "zod";
import type { SettingMetadata } from "../kernel/settings/metadata.ts";
import { coreOf, defaultOf, isRequired, metadataOf } from "../kernel/settings/walk.ts";
import { settingsSchema } from "./schema/settings.ts";

const heading = (schema: string): string => `# yaml-language-server: $schema=${schema}
#
# Configuration of memory-connector. Every setting is here, with its default or an example.
# Lines that begin with "#" and no space are settings that may be left out: remove the "#" to use one.
#
# Values may hold \${VARIABLE}, \${VARIABLE:-default} and \${file:/run/secrets/name}.
# Variables come from the environment and from a file .env beside this one.`;

const width = 100;

/** The example file: valid, with a comment on every setting. Written by `init --full`. */
export function renderExample(schema = "./config.schema.json"): string {
  return `${[heading(schema), ...mapLines(settingsSchema, { indent: "", off: false })].join("\n")}\n`;
}

interface Place {
  indent: string;
  /** Whether the enclosing block is commented out. */
  off: boolean;
}

function mapLines(schema: z.core.$ZodType, place: Place): string[] {
  const core = coreOf(schema);
  if (!(core instanceof z.ZodObject)) return [];
  return Object.entries<z.ZodType>(core.shape).flatMap(([key, setting]) => {
    const facts = metadataOf(setting);
    const gap = place.indent === "" ? [""] : [];
    return facts === undefined ? [] : [...gap, ...entryLines(key, setting, facts, place)];
  });
}

function entryLines(key: string, schema: z.ZodType, facts: SettingMetadata, place: Place): string[] {
  const off = place.off || !(isRequired(schema) || facts.starter || defaultIsShown(schema, facts));
  const name = `${place.indent}${off ? "#" : ""}${key}:`;
  const inner = innerLines(schema, facts, { indent: `${place.indent}  `, off });
  const value = inner === undefined ? ` ${inline(facts.example ?? defaultOf(schema))}` : "";
  return [...wrap(commentText(schema, facts), place.indent), `${name}${value}`, ...(inner ?? [])];
}

/** The lines of a block or of a list's first item; undefined for a value on one line. */
function innerLines(schema: z.core.$ZodType, facts: SettingMetadata, place: Place): string[] | undefined {
  const core = coreOf(schema);
  if (core instanceof z.ZodObject && facts.sameAs === undefined) return mapLines(core, place);
  const isList = core instanceof z.ZodArray && coreOf(core.element) instanceof z.ZodObject;
  return isList && facts.example === undefined ? itemLines(core.element, place) : undefined;
}

/** The first key follows the dash; its comment moves above it. */
function itemLines(schema: z.core.$ZodType, place: Place): string[] {
  const lines = mapLines(schema, { indent: `${place.indent}  `, off: place.off });
  const first = lines.findIndex((line) => !line.trimStart().startsWith("# "));
  return lines.map((line, index) => {
    if (index < first) return line.slice(2);
    if (index > first) return line;
    return `${place.indent}${place.off ? "#" : ""}- ${line.trimStart().replace(/^#/, "")}`;
  });
}

function defaultIsShown(schema: z.ZodType, facts: SettingMetadata): boolean {
  return defaultOf(schema) !== undefined && facts.example === undefined;
}

function commentText(schema: z.ZodType, facts: SettingMetadata): string {
  const core = coreOf(schema);
  const choices = core instanceof z.ZodEnum ? `One of ${core.options.join(", ")}.` : "";
  const standard = facts.defaultText === undefined ? "" : `Default: ${facts.defaultText}.`;
  const variable = facts.env === undefined ? "" : `The variable ${facts.env} overrides it.`;
  return [facts.description, choices, standard, variable].filter(Boolean).join(" ").replaceAll("`", "");
}

function inline(value: unknown): string {
  return stringify(value, { collectionStyle: "flow", lineWidth: 0 }).trim();
}

function wrap(text: string, indent: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last === undefined || `${last} ${word}`.length > width) lines.push(`${indent}# ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** The answers for a first configuration. */
interface FirstAnswers {
  /** Settings as they stand in the file; `isShort` where they are the block `memory_api`. */
  source: { type: string; isShort: boolean; settings: Readonly<Record<string, unknown>> };
  connectorId: string;
  contextId: string;
  /** Address of the LightRAG server; null for direct mode. */
  lightrag: string | null;
  hasLightragKey: boolean;
}

/** Path of the schema for editors, relative to the file's folder or absolute. */
const schemaLine = (schema: string): string => `# yaml-language-server: $schema=${schema}\n#\n`;

const shortHeading = `# Configuration of memory-connector. Keys stand in .env beside this file. For every other setting there is a default;
# \`memory-connector init --full --config all-settings.yaml\` writes a file with all of them.
`;

/** A configuration with only the settings that have no default. */
export function renderShort(answers: FirstAnswers, schema: string | null): string {
  const { source, connectorId, contextId, lightrag, hasLightragKey } = answers;
  const key = hasLightragKey ? { api_key: `\${LIGHTRAG_API_KEY}` } : {};
  const connector = {
    id: connectorId,
    context_id: literal(contextId),
    schedule: { type: "interval", interval_hours: 1 },
    ...(!source.isShort && { source: { type: source.type, ...source.settings } }),
  };
  const settings = {
    ...(source.isShort && { memory_api: source.settings }),
    lightrag:
      lightrag === null ? { mode: "direct" } : { mode: "api", api: { url: literal(lightrag), ...key } },
    connectors: [connector],
  };
  const blocks = Object.entries(settings).map(([name, block]) =>
    stringify({ [name]: block }, { lineWidth: 0 }),
  );
  return [`${schema === null ? "" : schemaLine(schema)}${shortHeading}`, ...blocks].join("\n");
}

/** What somebody has said means itself, and no variable. */
export const literal = (said: string): string => said.replaceAll("${", () => "$${");
