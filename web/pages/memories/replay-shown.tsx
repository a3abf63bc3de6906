import { useSignal } from "@preact/signals";
import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { type MemoryFilter, queryOf } from "../../memories/memory-filter.ts";
import type { Memory } from "../../memories/memory-row.tsx";
import { type DeadLetters, ReplayPlan } from "../../memories/replay-plan.tsx";
import { counted } from "../../words/numbers.ts";

/** As many as one change names. */
const mostNamed = 1_000;
const pageSize = 500;

/** What a change of dead letters can say without naming each. */
const sayable: ReadonlySet<string> = new Set(["status", "connector", "context", "code"]);

/** All that a list of dead letters is kept to, replayed or dropped at once; nothing for any other list. */
export function ReplayShown({ filter, reload }: { filter: MemoryFilter; reload: () => void }) {
  const isCut = useSignal(false);
  if (filter.status !== "dead" || filter.id !== undefined || !may(api.changeDeadLetters)) return null;
  const find = async () => {
    const isSayable = Object.keys(filter).every((key) => sayable.has(key));
    if (isSayable) return [said(filter)];
    const { memories, next } = await namedBy(filter);
    isCut.value = next !== undefined;
    return byContext(memories);
  };
  return (
    <section class="panel pad stack" aria-label="All that are shown">
      <ReplayPlan
        name="of this list"
        find={find}
        more={
          isCut.value
            ? `The list has more: these are its newest ${counted(mostNamed, "memory", "memories")}.`
            : undefined
        }
        reload={reload}
      />
    </section>
  );
}

function said({ connector, context, code }: MemoryFilter): DeadLetters {
  return {
    ...(connector !== undefined && { connectorId: connector }),
    ...(context !== undefined && { contextId: context }),
    ...(code !== undefined && { codes: [code] }),
    ...(context === undefined && code === undefined && { all: true as const }),
  };
}

/** The newest of a list, and where it goes on. */
async function namedBy(filter: MemoryFilter): Promise<{ memories: Memory[]; next: string | undefined }> {
  const memories: Memory[] = [];
  let next: string | undefined;
  do {
    const after = next === undefined ? {} : { after: next };
    const page = await api.listMemories({ ...queryOf(filter), limit: pageSize, ...after });
    memories.push(...page.memories);
    next = page.next ?? undefined;
  } while (next !== undefined && memories.length < mostNamed);
  return { memories, next };
}

/** An id names one memory in its context alone. */
function byContext(memories: readonly Memory[]): DeadLetters[] {
  const groups = Map.groupBy(memories, ({ connectorId, contextId }) =>
    JSON.stringify([connectorId, contextId]),
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const { connectorId, contextId } = first;
    return [{ connectorId, contextId, memoryIds: group.map(({ memoryId }) => memoryId) }];
  });
}
