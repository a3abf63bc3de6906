import { computed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { knownConnectors, useKnownConnectors } from "../connectors/known-connectors.ts";
import { Trouble } from "../parts/trouble.tsx";
import { ownZone } from "../words/zone.ts";

/** The time zone of each connector; null until it is known. */
const zones = computed<ReadonlyMap<string, string> | null>(
  () => knownConnectors.value && new Map(knownConnectors.value.map(({ id, timezone }) => [id, timezone])),
);

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

/** `Times and days are those of Europe/Lisbon.`; over several zones, whose they are. */
export function zoneText(connectorId: string | null | undefined): string {
  if (areZonesMixed(connectorId))
    return "Times and days are those of each memory’s connector: they have several time zones.";
  return `Times and days are those of ${zoneOver(connectorId)}.`;
}

/** Shows what tells times of memories, once it is known in whose time zone. */
export function Zoned({ children }: { children: () => ComponentChildren }) {
  const { problem, reload } = useKnownConnectors();
  if (zones.value !== null) return <>{children()}</>;
  return problem.value ? (
    <Trouble problem={problem.value} retry={reload} />
  ) : (
    <p class="waiting">Asking the service…</p>
  );
}
