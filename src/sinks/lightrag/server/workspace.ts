import { ConnectorError } from "../../../kernel/errors/connector-error.ts";

/**
 * Throws `SINK_WORKSPACE_MISMATCH` when the server serves another workspace than the configuration expects. A server serves one
 * workspace only, whatever a request asks for (LightRAG contract §2), so documents would end up in the wrong one in silence.
 * @param expected from the configuration; undefined accepts any
 * @param served   as the server reports it; null when it does not, which is accepted
 */
export function checkWorkspace(expected: string | undefined, served: string | null, location: string): void {
  if (expected === undefined || served === null || storedName(expected) === storedName(served)) return;
  const message = `the LightRAG server at ${location} serves ${shown(served)}, the configuration names ${shown(expected)}`;
  throw new ConnectorError("SINK_WORKSPACE_MISMATCH", message, {
    subject: location,
    hint: `point lightrag.api.url to the server of ${shown(expected)}, start that server with WORKSPACE=${expected}, or correct lightrag.api.workspace`,
  });
}

/** LightRAG replaces every other character by `_`, so that `my-ws` and `my_ws` are one workspace. */
function storedName(workspace: string): string {
  return workspace.replace(/[^A-Za-z0-9_]/gu, "_");
}

function shown(workspace: string): string {
  return workspace === "" ? "the default workspace" : `the workspace "${workspace}"`;
}
