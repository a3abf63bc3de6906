import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

export const composeFolder = join(import.meta.dirname, "../../../deploy/compose");

export interface ComposeService {
  image: string;
  profiles?: string[];
  depends_on?: string[];
  environment?: Record<string, string>;
  volumes: { type: string; source: string; target: string; read_only?: boolean }[];
}

export interface Compose {
  services: Record<string, ComposeService>;
  volumes: Record<string, null>;
}

export const composeText = readFileSync(join(composeFolder, "compose.yaml"), "utf8");

/** A file of `NAME=value` lines, as Compose reads `.env`. */
export function envFile(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/^(\w+)=(.*)$/gmu)].map(([, name, value]) => [name, value]));
}

/** Names of the variables of the Compose file. */
export const composeVariables = new Set(
  [...composeText.matchAll(/\$\{(\w+)/gu)].map(([, name = ""]) => name),
);

/** The Compose file with its variables filled in. Throws, as Compose does, where one that is asked for has no value. */
export function readCompose(variables: Readonly<Record<string, string>>): Compose {
  return parse(composeText, (_, value: unknown) =>
    typeof value === "string" ? filledIn(value, variables) : value,
  );
}

function filledIn(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$\{(\w+)(?::(-|\?)([^}]*))?\}/gu,
    (_, name: string, operator?: string, rest = "") => {
      const value = variables[name] ?? "";
      if (value === "" && operator === "?") throw new Error(`${name} is missing a value: ${rest}`);
      return value === "" && operator === "-" ? rest : value;
    },
  );
}
