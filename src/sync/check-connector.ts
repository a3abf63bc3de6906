import { toConnectorError } from "../errors/connector-error.ts";
import type { SyncParts } from "./run-context.ts";

export interface CheckedConnector {
  id: string;
  contextIds: readonly string[];
  memoryApi: { url: string };
}

export interface CheckResult {
  connectorId: string;
  /** What was looked at, for people. */
  subject: string;
  ok: boolean;
  /** What was found, or what is wrong. */
  message: string;
  code: string | null;
  hint: string | null;
}

/** Tries both ends of a connector and delivers nothing. What is wrong stands in the results. */
export async function checkConnector(
  { source, sink }: Pick<SyncParts, "source" | "sink">,
  connector: CheckedConnector,
  signal: AbortSignal,
): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  for (const contextId of connector.contextIds) {
    results.push(
      await attempt(connector.id, `Memory API, context ${contextId}`, async () => {
        await source.check(contextId, signal);
        return `${connector.memoryApi.url} is reachable, the key is accepted, the context is there`;
      }),
    );
  }
  results.push(
    await attempt(connector.id, "LightRAG", async () => {
      const info = await sink.connect(signal);
      const { location, version, generation, workspace } = info;
      return `${location} answers, LightRAG ${version} (generation ${generation}), ${workspaceText(workspace)}`;
    }),
  );
  const checkModels = sink.checkModels?.bind(sink);
  if (checkModels !== undefined) {
    results.push(await attempt(connector.id, "models", () => checkModels(signal)));
  }
  return results;
}

function workspaceText(workspace: string | null): string {
  if (workspace === null) return "a workspace that the server does not name";
  return workspace === "" ? "the default workspace" : `workspace "${workspace}"`;
}

async function attempt(
  connectorId: string,
  subject: string,
  task: () => Promise<string>,
): Promise<CheckResult> {
  try {
    return { connectorId, subject, ok: true, message: await task(), code: null, hint: null };
  } catch (thrown) {
    const { code, message, hint } = toConnectorError(thrown);
    return { connectorId, subject, ok: false, message, code, hint };
  }
}
