import { computed, signal } from "@preact/signals";
import { api } from "../api/endpoints.ts";
import { session } from "../api/session.ts";
import { type Resource, useAnswer } from "../api/use-answer.ts";
import type { ListedConnector } from "./connector.ts";

/** Who is signed in: what one was told is not for another. */
const listener = computed(() => JSON.stringify([session.value?.role, session.value?.keyId]));

/** What was told last, and to whom. */
const told = signal<{ to: string; connectors: readonly ListedConnector[] } | null>(null);

/** All connectors as they were told last to whoever is signed in; null where they were not. Also while the service is away. */
export const knownConnectors = computed(() =>
  told.value?.to === listener.value ? told.value.connectors : null,
);

export function noteConnectors(connectors: readonly ListedConnector[]): void {
  told.value = { to: listener.peek(), connectors };
}

/** Asks which connectors there are. It is less than the overview asks for, so that their latest runs stay as they were told there. */
export function useKnownConnectors(): Resource<readonly ListedConnector[]> {
  return useAnswer(
    async (signal) => {
      const { connectors } = await api.listConnectors({}, { signal });
      noteConnectors(withKnownRuns(connectors, knownConnectors.peek() ?? []));
      return connectors;
    },
    [],
    ({ type }) => type === "schedule:change",
  );
}

function withKnownRuns(
  connectors: readonly ListedConnector[],
  known: readonly ListedConnector[],
): ListedConnector[] {
  const runs = new Map(known.map((each) => [each.id, each.runs]));
  return connectors.map((each) => ({ ...each, runs: runs.get(each.id) ?? each.runs }));
}
