import { stringify } from "yaml";

/** The answers for a first configuration. */
export interface FirstAnswers {
  memoryApi: string;
  /** Whether `.env` has a key for it. */
  hasMemoryKey: boolean;
  /** Address of the LightRAG server; null for direct mode. */
  lightrag: string | null;
  hasLightragKey: boolean;
  contextId: string;
}

/** Path of the schema for editors, relative to the file's folder or absolute. */
const schemaLine = (schema: string): string => `# yaml-language-server: $schema=${schema}\n#\n`;

const heading = `# Configuration of memory-connector. Keys stand in .env beside this file. For every other setting there is a default;
# \`memory-connector init --full --config all-settings.yaml\` writes a file with all of them.
`;

/** A configuration with only the settings that have no default. */
export function renderShort(answers: FirstAnswers, schema: string | null): string {
  const { hasMemoryKey, lightrag, hasLightragKey } = answers;
  const [memoryApi, contextId] = [literal(answers.memoryApi), literal(answers.contextId)];
  const server = { url: lightrag && literal(lightrag), ...key(hasLightragKey, "LIGHTRAG_API_KEY") };
  const settings = {
    memory_api: { url: memoryApi, ...key(hasMemoryKey, "MEMORY_API_KEY") },
    lightrag: lightrag === null ? { mode: "direct" } : { mode: "api", api: server },
    connectors: [
      { id: "personal-memories", context_id: contextId, schedule: { type: "interval", interval_hours: 1 } },
    ],
  };
  const blocks = Object.entries(settings).map(([name, block]) =>
    stringify({ [name]: block }, { lineWidth: 0 }),
  );
  return [`${schema === null ? "" : schemaLine(schema)}${heading}`, ...blocks].join("\n");
}

/** What somebody has said means itself, and no variable. */
const literal = (said: string): string => said.replaceAll("${", () => "$${");

const key = (isThere: boolean, variable: string) => (isThere ? { api_key: `\${${variable}}` } : {});
