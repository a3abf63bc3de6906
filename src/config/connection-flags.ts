import { createHash } from "node:crypto";
import { givenOverrides, type Override } from "./input/overrides.ts";

/** What the command line may give instead of a configuration file, or of single settings in it. */
export interface ConnectionFlags {
  apiUrl?: string | undefined;
  apiKey?: string | undefined;
  contextId?: string | undefined;
  lightragUrl?: string | undefined;
  lightragApiKey?: string | undefined;
  workspace?: string | undefined;
  /** File of the state; a name that ends in `.json` is the JSON backend, any other SQLite. */
  state?: string | undefined;
  /** Where the API listens. */
  host?: string | undefined;
}

/** The overrides that the flags stand for. With a context they make a connector of their own, so such a call needs no file. */
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
 * The ledger belongs to the connector's id, so the same context must always get the same one. Who gives flags wants the context's
 * memories, not those of last week: `auto` begins with all of them.
 */
function connectorFor(contextId: string) {
  const usable = /^[A-Za-z0-9][\w.-]{0,99}$/.test(contextId);
  const id = usable
    ? contextId
    : `context-${createHash("sha256").update(contextId).digest("hex").slice(0, 16)}`;
  return { id, context_id: contextId, ingestion: { query_range: "auto" } };
}
