import type { Config, ConnectorConfig } from "./config.ts";
import type { PlacedProblem } from "./input/placed-problem.ts";
import { getIn, placesOf } from "./input/tree.ts";
import { declaredSettings } from "./schema/settings.ts";

/** What is allowed and probably not meant. */
export function warningsOf(config: Config, settings: unknown): PlacedProblem[] {
  return [...noConnectors(config), ...sharedContexts(config.connectors), ...placeholders(settings)];
}

function noConnectors({ connectors }: Config): PlacedProblem[] {
  if (connectors.length > 0) return [];
  return [{ path: ["connectors"], reason: "is empty, so there is nothing to sync", hint: "add a connector" }];
}

/** Documents are named by context and memory: two connectors would write, update and delete the same ones. */
function sharedContexts(connectors: readonly ConnectorConfig[]): PlacedProblem[] {
  const owners = new Map<string, string>();
  return connectors.flatMap((connector, index) =>
    connector.enabled
      ? connector.contextIds.flatMap((contextId) => claim(contextId, connector, index, owners))
      : [],
  );
}

function claim(
  contextId: string,
  connector: ConnectorConfig,
  index: number,
  owners: Map<string, string>,
): PlacedProblem[] {
  const place = JSON.stringify([contextId, sinkOf(connector)]);
  const owner = owners.get(place);
  if (owner === undefined) {
    owners.set(place, connector.id);
    return [];
  }
  const reason = `brings the context ${JSON.stringify(contextId)} to the same LightRAG as the connector ${owner}`;
  return [
    { path: ["connectors", index], reason, hint: "disable one of them, or give one another workspace" },
  ];
}

function sinkOf({ lightrag }: ConnectorConfig): readonly (string | null)[] {
  return lightrag.mode === "api"
    ? [lightrag.api.url.replace(/\/+$/, ""), lightrag.api.workspace]
    : [lightrag.direct.workingDir];
}

const placeholder =
  /^(your[-_ ].*|.*change[-_ ]?me.*|replace[-_ ]?me.*|<.*>|x{3,}|todo|secret|password|api[-_ ]?key)$/i;

function placeholders(settings: unknown): PlacedProblem[] {
  return declaredSettings()
    .filter(({ facts }) => facts.secret)
    .flatMap(({ pattern }) => placesOf(pattern, settings))
    .filter((path) => {
      const value = getIn(settings, path);
      return typeof value === "string" && placeholder.test(value);
    })
    .map((path) => ({
      path,
      reason: "looks like a placeholder, not like a secret",
      hint: "put the real one in",
    }));
}
