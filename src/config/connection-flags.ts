import { createHash } from "node:crypto";
import { givenOverrides, type Override } from "./input/overrides.ts";

/** Command line flags that replace a configuration file, or single settings in it. */
export interface ConnectionFlags {
  apiUrl?: string | undefined;
  /** An empty key says that none is sent, whatever the file has. */
  apiKey?: string | undefined;
  contextId?: string | undefined;
  lightragUrl?: string | undefined;
  /** As `apiKey`. */
  lightragApiKey?: string | undefined;
  workspace?: string | undefined;
  /** File of the state; a name that ends in `.json` is the JSON backend, any other SQLite. */
  state?: string | undefined;
  /** Where the API listens. */
  host?: string | undefined;
}

/** The overrides of the flags. With a context they define a connector, so that no file is needed. */
export function connectionOverrides(flags: ConnectionFlags): Override[] {
  return givenOverrides([
    { path: ["memory_api", "url"], value: flags.apiUrl, label: "--api-url" },
    { path: ["memory_api", "api_key"], value: flags.apiKey, label: "--api-key" },
    { path: ["lightrag", "api", "url"], value: flags.lightragUrl, label: "--lightrag-url" },
    { path: ["lightrag", "api", "api_key"], value: flags.lightragApiKey, label: "--lightrag-api-key" },
    { path: ["lightrag", "api", "workspace"], value: flags.workspace, label: "--workspace" },
    { path: ["state", "path"], value: flags.state, label: "--state" },
    { path: ["state", "backend"], value: flags.state && backendOf(flags.state), label: "--state" },
    {
      path: ["connectors"],
      value: flags.contextId && [connectorFor(flags.contextId)],
      label: "--context-id",
    },
    { path: ["api", "host"], value: flags.host, label: "--host" },
  ]);
}

const backendOf = (path: string): string => (path.endsWith(".json") ? "json" : "sqlite");

/**
 * The ledger is keyed by the connector's id, so the same context must always get the same id. The range is `auto`, which begins
 * with all memories: a call with flags is meant for all of the context, not for last week.
 */
function connectorFor(contextId: string) {
  const usable = /^[A-Za-z0-9][\w.-]{0,99}$/.test(contextId);
  const id = usable
    ? contextId
    : `context-${createHash("sha256").update(contextId).digest("hex").slice(0, 16)}`;
  return { id, context_id: contextId, ingestion: { query_range: "auto" } };
}
