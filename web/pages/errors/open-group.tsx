import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { ledgerState } from "../../memories/ledger-state.ts";
import { type Memory, memoryAddress, memoryKey, RecordedAt } from "../../memories/memory-row.tsx";
import { ReplayPlan } from "../../memories/replay-plan.tsx";
import { areZonesMixed, Zoned, zoneOver } from "../../memories/zones.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { StateWord } from "../../parts/state.tsx";
import { Words } from "../../parts/words.tsx";
import { addressOf } from "../../shell/router.ts";
import { count, counted } from "../../words/numbers.ts";
import type { ErrorGroup } from "./error-group.ts";

/** So many are shown here; the list of memories has all. */
const shown = 20;

interface OpenGroupProps {
  group: ErrorGroup;
  connector: string | undefined;
  reload: () => void;
}

/** The memories of one cause, and what can be done about all of them at once. */
export function OpenGroup({ group, connector, reload }: OpenGroupProps) {
  const { code, deadLetters, count: all } = group;
  const which = connector === undefined ? {} : { connectorId: connector };
  const answer = useAnswer(
    (signal) => api.listMemories({ ...which, code, limit: shown }, { signal }),
    [code, connector, all],
  );
  return (
    <div class="open">
      {may(api.changeDeadLetters) && deadLetters > 0 && (
        <ReplayPlan name={`with ${code}`} find={async () => [{ ...which, codes: [code] }]} reload={reload} />
      )}
      <Loaded from={answer}>
        {({ memories }) => <Zoned>{() => <Items memories={memories} connector={connector} />}</Zoned>}
      </Loaded>
      <p class="small">
        <a href={addressOf(["memories"], { connector, code })}>
          Show all {counted(all, "memory", "memories")} in the list
        </a>
      </p>
    </div>
  );
}

function Items({ memories, connector }: { memories: readonly Memory[]; connector: string | undefined }) {
  const isMixed = areZonesMixed(connector);
  if (memories.length === 0)
    return (
      <p class="soft">The ledger has no memory with this code: a recording or a picture could not be read.</p>
    );
  return (
    <table class="items wordy">
      <thead>
        <tr>
          <th scope="col">Memory and the reason</th>
          <th scope="col">State</th>
          <th scope="col" class="only-l">
            Connector
          </th>
          <th scope="col" class="only-l">
            Recorded{!isMixed && `, ${zoneOver(connector)}`}
          </th>
          <th scope="col" class="num only-l">
            Tries
          </th>
        </tr>
      </thead>
      <tbody>
        {memories.map((memory) => (
          <tr key={memoryKey(memory)}>
            <td>
              <a class="said" href={memoryAddress(memory)}>
                {memory.text ?? memory.memoryId}
              </a>
              <span class="small soft wraps">{memory.error && <Words text={memory.error.message} />}</span>
            </td>
            <td>
              <StateWord state={ledgerState(memory.status)} />
            </td>
            <td class="soft only-l">{memory.connectorId}</td>
            <td class="soft nowrap only-l">
              <RecordedAt local={memory.local} isZoneNamed={isMixed} />
            </td>
            <td class="num soft only-l">{count(memory.attempts)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
