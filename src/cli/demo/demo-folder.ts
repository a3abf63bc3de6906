import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { makeFolders } from "../../kernel/util/make-folders.ts";
import type { DemoMemoryApi } from "./memory-api-server.ts";

export const demoConfigFile = "config.yaml";
const firstLine = "# Written by `memory-connector demo`.";

/** Where a demo works: its configuration, and beside it its state and LightRAG's folder. */
export interface DemoFolder {
  path: string;
  /** Removes it, unless it was to be kept. */
  dispose(): Promise<void>;
}

/**
 * Makes the folder, a temporary one when `keep` is null. Throws `CONFIG_EXISTS` rather than replace a configuration that is not a
 * demo's, and `CONFIG_NOT_WRITTEN`.
 */
export async function openDemoFolder(keep: string | null, api: DemoMemoryApi): Promise<DemoFolder> {
  const path = keep ?? (await mkdtemp(join(tmpdir(), "memory-connector-demo-")));
  const file = join(path, demoConfigFile);
  try {
    makeFolders(path);
    if (await isSomebodyElses(file)) throw inTheWay(file);
    await writeFile(file, configText(api), { mode: 0o600 });
  } catch (cause) {
    if (cause instanceof ConnectorError) throw cause;
    const message = `cannot write ${file}: ${(cause as Error).message}`;
    throw new ConnectorError("CONFIG_NOT_WRITTEN", message, { subject: file, cause });
  }
  return {
    path,
    dispose: async () => {
      if (keep === null) await rm(path, { recursive: true, force: true });
    },
  };
}

async function isSomebodyElses(file: string): Promise<boolean> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return firstLine;
    throw error;
  });
  return !text.startsWith(firstLine);
}

function inTheWay(file: string): ConnectorError {
  return new ConnectorError("CONFIG_EXISTS", `there is a configuration at ${file} already`, {
    subject: file,
    hint: "keep the demo in another folder",
  });
}

function configText({ url, apiKey, contextId }: DemoMemoryApi): string {
  return `${firstLine}
# Its Memory API ended with it: query, graph, list and status work here, sync does not.
memory_api:
  url: ${url}
  api_key: ${apiKey}
lightrag:
  mode: direct
  direct:
    working_dir: ./lightrag
connectors:
  - id: demo
    context_id: ${contextId}
    ingestion:
      query_range: all
state:
  path: ./state.db
`;
}
