import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { parse, stringify } from "yaml";
import { ConnectorError, systemReason } from "../../kernel/errors/connector-error.ts";
import { makeFolders } from "../../kernel/util/make-folders.ts";

export const importConfigFile = "config.yaml";
const firstLine = "# Written by memory-connector import.";

/** What is imported: a source, and the zone of its times. */
export interface ImportedSource {
  source: Readonly<Record<string, unknown>> & { type: string; path: string };
  timezone: string;
}

interface ImportConfig {
  connectors: ({ id: string; context_id: string } & ImportedSource)[];
}

/**
 * Adds a source to the configuration of a folder of imports, and makes both where they are not there. Returns its connector's id: the same for the same
 * path; `continued` is the one of the same export at another place, which is taken for it from now on. Throws `CONFIG_EXISTS` rather than change a configuration of somebody else, and `CONFIG_NOT_WRITTEN`.
 */
export function addImport(folder: string, imported: ImportedSource, continued: string | null): string {
  const file = join(folder, importConfigFile);
  try {
    makeFolders(folder);
    const { connectors } = readImports(file);
    const isKnown = ({ id, source }: ImportConfig["connectors"][number]) =>
      id === continued || source.path === imported.source.path;
    const others = connectors.filter((each) => !isKnown(each));
    const known = connectors.find(({ id }) => id === continued) ?? connectors.find(isKnown);
    const id = known?.id ?? freeId(imported.source.path, others);
    // A folder is somebody's own, and lives: what is deleted there is meant to be gone here, behind the brake. A newer export may be a smaller one.
    const isOwn = imported.source.type !== "files";
    const ingestion = { query_range: "all" };
    const connector = {
      id,
      context_id: id,
      ...imported,
      // What was said of the export at its other place holds here.
      ...(continued !== null && { source: { ...known?.source, ...imported.source } }),
      ingestion,
      ...(isOwn && { on_delete: "propagate" }),
    };
    writeFileSync(file, configText([...others, connector]), { mode: 0o600 });
    return id;
  } catch (cause) {
    if (cause instanceof ConnectorError) throw cause;
    const message = `cannot write ${file}: ${systemReason(cause, file)}`;
    throw new ConnectorError("CONFIG_NOT_WRITTEN", message, { subject: file, cause });
  }
}

/** What was said of a path when it was imported before; null for a new one. */
export function earlierImport(folder: string, path: string): ImportedSource | null {
  const { connectors } = readImports(join(folder, importConfigFile));
  return connectors.find(({ source }) => source.path === path) ?? null;
}

/** The connectors of a folder of imports. */
export function importedSources(folder: string): ImportConfig["connectors"] {
  return readImports(join(folder, importConfigFile)).connectors;
}

function readImports(file: string): ImportConfig {
  if (!existsSync(file)) return { connectors: [] };
  const text = readFileSync(file, "utf8");
  if (text.startsWith(firstLine)) return parse(text) as ImportConfig;
  throw new ConnectorError("CONFIG_EXISTS", `there is a configuration of another kind at ${file}`, {
    subject: file,
    hint: "name another folder by --into",
  });
}

function freeId(path: string, others: readonly { id: string }[]): string {
  const stem = basename(path, extname(path)).normalize("NFKD").toLowerCase();
  const name =
    stem
      .replaceAll(/[^a-z0-9]+/gu, "-")
      .replaceAll(/^-+|-+$/gu, "")
      .slice(0, 60) || "import";
  for (let number = 1; ; number += 1) {
    const id = number === 1 ? name : `${name}-${number}`;
    if (others.every((other) => other.id !== id)) return id;
  }
}

function configText(connectors: readonly object[]): string {
  const settings = {
    lightrag: { mode: "direct", direct: { working_dir: "./lightrag" } },
    state: { path: "./state.db" },
    connectors,
  };
  return `${firstLine}
# It is a whole configuration: \`memory-connector sync --all\` reads the same sources again.
${stringify(settings, { lineWidth: 0 })}`;
}
