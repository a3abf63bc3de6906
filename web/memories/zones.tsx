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

/** The zone of memories of one connector, or of all: the one that all share, else that of this browser, which is named where it is used. */
export function zoneOver(connectorId: string | null | undefined): string {
  if (connectorId != null) return zoneOf(connectorId);
  return sharedZone(zones.value ?? new Map());
}

export function sharedZone(byConnector: ReadonlyMap<string, string>): string {
  const [first, ...others] = new Set(byConnector.values());
  return first === undefined || others.length > 0 ? ownZone() : first;
}

/** Whether memories of one connector, or of all, have times of several zones. */
export const areZonesMixed = (connectorId: string | null | undefined): boolean =>
  connectorId == null && new Set(zones.value?.values()).size > 1;

/** `Times and days are those of Europe/Lisbon.`; over several zones, and of a connector that there is not, whose they are. */
export function zoneText(connectorId: string | null | undefined): string {
  if (areZonesMixed(connectorId))
    return "Times and days are those of each memory’s connector: they have several time zones.";
  if (connectorId != null && zones.value?.has(connectorId) === false)
    return "Times and days are those of the connector.";
  return `Times and days are those of ${zoneOver(connectorId)}.`;
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
