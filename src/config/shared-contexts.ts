import type { RuleProblem } from "../kernel/settings/rules.ts";
import type { ConnectorConfig } from "./config.ts";
import type { PlacedProblem } from "./input/origin.ts";

/**
 * A context that a connector brings to the LightRAG of an earlier one. Documents are named by context and memory, so the two would
 * write, update and delete the same ones.
 */
interface SharedContext {
  contextId: string;
  connector: ConnectorConfig;
  owner: ConnectorConfig;
  /** The connector's place among all. */
  index: number;
}

function sharedContexts(connectors: readonly ConnectorConfig[]): SharedContext[] {
  const owners = new Map<string, ConnectorConfig>();
  return connectors.flatMap((connector, index) => {
    if (!connector.enabled) return [];
    const sink = sinkOf(connector);
    return connector.contextIds.flatMap((contextId) => {
      const place = JSON.stringify([contextId, sink]);
      const owner = owners.get(place);
      if (owner === undefined) owners.set(place, connector);
      return owner === undefined ? [] : [{ contextId, connector, owner, index }];
    });
  });
}

/**
 * Ids of the others with a context of this connector in the same LightRAG, including disabled ones, whose documents still exist.
 */
export function sharersOf(connector: ConnectorConfig, others: readonly ConnectorConfig[]): string[] {
  const sink = sinkOf(connector);
  const contexts = new Set(connector.contextIds);
  return others
    .filter(({ id, contextIds }) => id !== connector.id && contextIds.some((each) => contexts.has(each)))
    .filter((other) => sinkOf(other) === sink)
    .map(({ id }) => id);
}

function sinkOf({ lightrag }: ConnectorConfig): string {
  return JSON.stringify(
    lightrag.mode === "api"
      ? [lightrag.api.url.replace(/\/+$/, ""), lightrag.api.workspace]
      : [lightrag.direct.workingDir],
  );
}

const reasonFor = ({ contextId, owner }: SharedContext): string =>
  `brings the context ${JSON.stringify(contextId)} to the same LightRAG as the connector ${owner.id}`;

/**
 * Two connectors of Memory APIs may share contexts, as they always could, with a warning: one may have taken over from the other, and
 * their documents keep their names. Any other source would get the documents of a stranger.
 */
function mayShare({ connector, owner }: SharedContext): boolean {
  return connector.source.type === "memory_api" && owner.source.type === "memory_api";
}

/** Connectors of a file that conflict with earlier ones. */
export function collidingConnectors(connectors: readonly ConnectorConfig[]): PlacedProblem[] {
  return sharedContexts(connectors)
    .filter((shared) => !mayShare(shared))
    .map((shared) => ({ ...collision(shared), path: ["connectors", shared.index, "context_id"] }));
}

/** Why a connector conflicts with these others. Paths are relative to the connector. */
export function takenContexts(connector: ConnectorConfig, others: readonly ConnectorConfig[]): RuleProblem[] {
  return sharedContexts([...others, connector])
    .filter((shared) => shared.connector === connector && !mayShare(shared))
    .map((shared) => ({ ...collision(shared), path: ["context_id"] }));
}

const collision = (shared: SharedContext) => ({
  reason: `${reasonFor(shared)}, and their documents would have the same names`,
  hint: "give it a context, a workspace or a folder of its own",
});

/** Warnings for what is allowed but probably unintended. */
export function sharingWarnings(connectors: readonly ConnectorConfig[]): PlacedProblem[] {
  return sharedContexts(connectors)
    .filter(mayShare)
    .map((shared) => ({
      path: ["connectors", shared.index],
      reason: reasonFor(shared),
      hint: "disable one of them, or give one another workspace",
    }));
}
