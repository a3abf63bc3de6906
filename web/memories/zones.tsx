import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { api } from "../api/endpoints.ts";
import { useAnswer } from "../api/use-answer.ts";
import { Trouble } from "../parts/trouble.tsx";
import { ownZone } from "../words/zone.ts";

/** The time zone of each connector; null until it is known. */
const zones = signal<ReadonlyMap<string, string> | null>(null);

/** The zone of a memory's times: that of its connector, as its documents and the timeline have it. */
export const zoneOf = (connectorId: string): string => zones.value?.get(connectorId) ?? ownZone();

/** The zone of memories of one connector, or of all: the one that all share, else that of this browser. */
export function zoneOver(connectorId: string | null | undefined): string {
  if (connectorId != null) return zoneOf(connectorId);
  return sharedZone(zones.value ?? new Map());
}

export function sharedZone(byConnector: ReadonlyMap<string, string>): string {
  const [first, ...others] = new Set(byConnector.values());
  return first === undefined || others.length > 0 ? ownZone() : first;
}

/** `Times and days are those of Europe/Lisbon.`, with the reason where it is not that of the connector. */
export function zoneText(connectorId: string | null | undefined): string {
  const zone = zoneOver(connectorId);
  const isMixed = connectorId == null && new Set(zones.value?.values()).size > 1;
  return isMixed
    ? `Times and days are those of ${zone}, where you are: the connectors have several time zones.`
    : `Times and days are those of ${zone}.`;
}

/** Shows what tells times of memories, once it is known in whose time zone. */
export function Zoned({ children }: { children: () => ComponentChildren }) {
  const answer = useAnswer(
    async (signal) => {
      const { connectors } = await api.listConnectors({}, { signal });
      return new Map(connectors.map(({ id, timezone }) => [id, timezone]));
    },
    [],
    ({ type }) => type === "schedule:change",
  );
  const known = answer.value.value;
  useEffect(() => {
    if (known !== null) zones.value = known;
  }, [known]);
  if (zones.value !== null) return <>{children()}</>;
  return answer.problem.value ? (
    <Trouble problem={answer.problem.value} retry={answer.reload} />
  ) : (
    <p class="waiting">Asking the service…</p>
  );
}
