import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { ConnectorError, systemReason } from "../../kernel/errors/connector-error.ts";
import { makeFolders } from "../../kernel/util/make-folders.ts";
import { makeTemporaryFolder } from "../../kernel/util/temporary-folder.ts";
import { demoContextId, demoMemories } from "./memories.ts";

export const demoConfigFile = "config.yaml";
const firstLine = "# Written by `memory-connector demo`.";

/** The folder of a demo: its configuration, its state and LightRAG's folder. */
export interface DemoFolder {
  path: string;
  /** Removes it, unless it is to be kept. */
  dispose(): Promise<void>;
}

/**
 * Makes the folder, a temporary one when `keep` is null. Throws `CONFIG_EXISTS` rather than replace a configuration that is not a
 * demo's, `CONFIG_NOT_WRITTEN` and `SYSTEM_REFUSED`.
 */
export async function openDemoFolder(keep: string | null): Promise<DemoFolder> {
  const path = keep ?? (await makeTemporaryFolder("memory-connector-demo-"));
  const file = join(path, demoConfigFile);
  try {
    makeFolders(path);
    if (await isSomebodyElses(file)) throw inTheWay(file);
    await writeFile(file, configText(), { mode: 0o600 });
  } catch (cause) {
    if (cause instanceof ConnectorError) throw cause;
    const message = `cannot write ${file}: ${systemReason(cause, file)}`;
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

function configText(): string {
  const source = { type: "in_memory", memories: demoMemories };
  const settings = {
    lightrag: { mode: "direct", direct: { working_dir: "./lightrag" } },
    state: { path: "./state.db" },
    connectors: [{ id: "demo", context_id: demoContextId, ingestion: { query_range: "all" }, source }],
  };
  return `${firstLine}
# Its memories stand in it: change one, or write your own, and \`memory-connector sync\` carries it.
${stringify(settings, { lineWidth: 0 })}`;
}
