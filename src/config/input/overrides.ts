import * as z from "zod";
import { type Path, pathText } from "../../kernel/settings/path.ts";
import { givenKeys, isMap } from "../../kernel/settings/rules.ts";
import { schemaAt } from "../../kernel/settings/walk.ts";
import { declaredSettings, settingsSchema } from "../schema/settings.ts";
import type { Variables } from "./env-file.ts";
import { looksSecret, type Origin, type Origins } from "./origin.ts";
import { getIn, setIn } from "./tree.ts";

/** A value that replaces the file's. */
export interface Override {
  path: Path;
  /** Never undefined: an absent override changes nothing. */
  value: NonNullable<unknown>;
  /** The flag or variable: `--api-url`, `MEMORY_API_KEY`. */
  label: string;
}

/** An override whose value may be absent: a flag or variable that was not given. */
export type PossibleOverride = Omit<Override, "value"> & { value: Override["value"] | undefined };

/** The overrides that were given. */
export function givenOverrides(possible: readonly PossibleOverride[]): Override[] {
  return possible.flatMap(({ value, ...rest }) => (value === undefined ? [] : [{ ...rest, value }]));
}

/**
 * The overrides from the environment. An empty variable counts as not set. The presence of an optional block is a choice of its own,
 * which no variable makes: it may be there for other programs.
 */
export function environmentOverrides(tree: unknown, variables: Variables): Override[] {
  return declaredSettings().flatMap(({ pattern, facts }) => {
    const value = facts.env === undefined ? undefined : variables.get(facts.env);
    if (facts.env === undefined || !value || pattern.includes("[]") || !isChosen(pattern, tree)) return [];
    return [{ path: pattern, value, label: facts.env }];
  });
}

function isChosen(pattern: readonly string[], tree: unknown): boolean {
  const blocks = pattern.slice(0, -1).map((_, index) => pattern.slice(0, index + 1));
  return blocks.every(
    (block) => !(schemaAt(settingsSchema, block) instanceof z.ZodOptional) || isMap(getIn(tree, block)),
  );
}

interface ModelVariables {
  block: "llm" | "embedding";
  prefix: "LLM" | "EMBEDDING";
}

/** OpenAI-compatible endpoints of the model bindings in LightRAG's own variables. */
const bindings: ReadonlyMap<string, (host: string | undefined) => string> = new Map([
  ["openai", (host?: string) => host ?? "https://api.openai.com/v1"],
  [
    "ollama",
    (host = "http://localhost:11434") => (host.endsWith("/v1") ? host : `${host.replace(/\/+$/, "")}/v1`),
  ],
]);

const chunkVariables = [
  { key: "chunk_token_size", name: "CHUNK_SIZE" },
  { key: "chunk_overlap_token_size", name: "CHUNK_OVERLAP_SIZE" },
];

/** Settings of direct mode from LightRAG's own variables, where the file has none. */
export function directOverrides(tree: unknown, variables: Variables): Override[] {
  return usesDirectMode(tree) ? [...chunkOverrides(tree, variables), ...modelOverrides(tree, variables)] : [];
}

function chunkOverrides(tree: unknown, variables: Variables): Override[] {
  const missing = chunkVariables.filter(
    ({ key }) => givenKeys(getIn(tree, ["lightrag", "direct"]), [key]).length === 0,
  );
  return givenOverrides(
    missing.map(({ key, name }) => ({
      path: ["lightrag", "direct", key],
      value: variables.get(name) || undefined,
      label: name,
    })),
  );
}

/** The models in LightRAG's own variables. `OPENAI_API_KEY` alone selects no model: it is often set for other programs. */
function modelOverrides(tree: unknown, variables: Variables): Override[] {
  const kinds: ModelVariables[] = [
    { block: "llm", prefix: "LLM" },
    { block: "embedding", prefix: "EMBEDDING" },
  ];
  return kinds
    .filter(({ block }) => !namesModel(getIn(tree, ["lightrag", "direct", block])))
    .flatMap((kind) => modelOverride(kind, variables));
}

const namesModel = (block: unknown): boolean =>
  givenKeys(block, ["provider", "base_url", "model"]).length > 0;

function usesDirectMode(tree: unknown): boolean {
  const connectors = getIn(tree, ["connectors"]);
  const owners = [tree, ...(Array.isArray(connectors) ? connectors : [])];
  return owners.some((owner) => getIn(owner, ["lightrag", "mode"]) === "direct");
}

function modelOverride({ block, prefix }: ModelVariables, variables: Variables): Override[] {
  const read = (name: string) => variables.get(name) || undefined;
  const model = read(`${prefix}_MODEL`);
  const host = read(`${prefix}_BINDING_HOST`);
  const binding =
    read(`${prefix}_BINDING`) ?? (model === undefined && host === undefined ? undefined : "openai");
  if (binding === undefined) return [];
  const ownKey = `${prefix}_BINDING_API_KEY`;
  // OpenAI's key is only for OpenAI endpoints, not for an Ollama host.
  const keyName =
    read(ownKey) === undefined && binding.toLowerCase() === "openai" ? "OPENAI_API_KEY" : ownKey;
  const toUrl = bindings.get(binding.toLowerCase());
  const values = [
    {
      key: "provider",
      value: toUrl === undefined ? binding : "openai-compatible",
      label: `${prefix}_BINDING`,
    },
    { key: "base_url", value: toUrl?.(host), label: `${prefix}_BINDING_HOST` },
    { key: "model", value: model, label: `${prefix}_MODEL` },
    { key: "api_key", value: read(keyName), label: keyName },
    {
      key: "dimension",
      value: block === "embedding" ? read("EMBEDDING_DIM") : undefined,
      label: "EMBEDDING_DIM",
    },
  ];
  return givenOverrides(
    values.map(({ key, value, label }) => ({ path: ["lightrag", "direct", block, key], value, label })),
  );
}

export function applyOverrides(
  tree: unknown,
  overrides: readonly Override[],
): { tree: unknown; origins: Origins } {
  const origins = new Map<string, Origin>();
  let result = isMap(tree) ? tree : {};
  for (const { path, value, label } of overrides) {
    result = setIn(result, path, value) as typeof result;
    origins.set(pathText(path), { path, label, confidential: looksSecret(label) });
  }
  return { tree: result, origins };
}
