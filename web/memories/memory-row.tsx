import type { listMemories } from "../../src/operations/memories/list-memories.ts";
import type { Answer } from "../api/endpoint.ts";
import type { Stop } from "../parts/long-list.tsx";
import { StateWord } from "../parts/state.tsx";
import { Words } from "../parts/words.tsx";
import { addressOf } from "../shell/router.ts";
import { now } from "../words/now.ts";
import { reasonText } from "../words/reasons.ts";
import { exactlyIn, moment } from "../words/time.ts";
import { ledgerState } from "./ledger-state.ts";

export type Memory = Answer<typeof listMemories>["memories"][number];

/** Which memory. */
export type MemoryKey = Pick<Memory, "connectorId" | "contextId" | "memoryId">;

export const memoryKey = ({ connectorId, contextId, memoryId }: Memory): string =>
  JSON.stringify([connectorId, contextId, memoryId]);

export const memoryAddress = ({ connectorId, contextId, memoryId }: MemoryKey): string =>
  addressOf(["memories", connectorId, contextId, memoryId]);

/** One line of a list of memories: what was said, when and where, and where it stands with the reason. The list says whether Tab stops here. */
export function MemoryRow({
  memory,
  isZoneNamed,
  stop,
}: {
  memory: Memory;
  isZoneNamed: boolean;
  stop: Stop;
}) {
  const { text, memoryId, local, place, connectorId, status, error, skipReason } = memory;
  const reason = error?.message ?? (skipReason && reasonText(skipReason));
  return (
    <div class="mem">
      <a class="said" href={memoryAddress(memory)} tabIndex={stop}>
        {text ?? memoryId}
      </a>
      <span class="st-line">
        <StateWord state={ledgerState(status)} />
        {reason && (
          <span class="soft cut">
            <Words text={reason} />
          </span>
        )}
      </span>
      <span class="soft small cut">
        <RecordedAt local={local} isZoneNamed={isZoneNamed} />
        {place !== null && `, ${place}`}, {connectorId}
      </span>
    </div>
  );
}

/** When a memory was recorded by the clocks of its connector, whose zone is named here where the page names none for all. */
export function RecordedAt({ local, isZoneNamed }: { local: Memory["local"]; isZoneNamed: boolean }) {
  if (local === null) return <>no time</>;
  const { time, timeZone } = local;
  return (
    <time dateTime={time} title={exactlyIn(time, timeZone)}>
      {moment(time, now.value, timeZone)}
      {isZoneNamed && ` (${timeZone})`}
    </time>
  );
}
