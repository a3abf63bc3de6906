import type { listMemories } from "../../../src/operations/memories/list-memories.ts";
import type { Answer } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { type Memory, MemoryRow, memoryAddress, memoryKey } from "../../memories/memory-row.tsx";
import { type Spot, WorldMap } from "../../memories/world-map.tsx";
import { areZonesMixed, zoneText } from "../../memories/zones.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { LongList } from "../../parts/long-list.tsx";
import { Page } from "../../parts/page.tsx";
import { addressOf } from "../../shell/router.ts";
import { count, counted } from "../../words/numbers.ts";
import { dateText } from "../../words/time.ts";

/** As many as one answer of the service has. */
const mostShown = 500;
/** Around one spot, so that its memories are listed and no others. Kilometres. */
const spotRadius = "0.05";

interface Days {
  connector: string | null;
  since: string | null;
  until: string | null;
}

type Located = Memory & { location: NonNullable<Memory["location"]> };

/** Where the memories of some days were recorded: a map, and a list that says the same. */
export function DaysOnMap(days: Days) {
  const { connector, since, until } = days;
  const asked = { connectorId: connector ?? undefined, since: since ?? undefined, until: until ?? undefined };
  const answer = useAnswer(
    (signal) => api.listMemories({ ...asked, limit: mostShown }, { signal }),
    [connector, since, until],
    ({ type }) => type === "run:end",
  );
  const found = answer.value.value;
  return (
    <Page
      title={found === null ? "Memories on the map" : titleOf(found, days)}
      short="Places"
      lede={
        <>
          Newest first. Or see <a href={addressOf(["memories"], { ...days })}>all of these days</a>, or{" "}
          <a href={addressOf(["places"], { connector })}>all places</a>. {zoneText(connector)}
        </>
      }
    >
      <Loaded from={answer}>{(listed) => <Found found={listed} days={days} />}</Loaded>
    </Page>
  );
}

const located = (memories: readonly Memory[]): Located[] =>
  memories.filter((memory): memory is Located => memory.location !== null);

function titleOf({ memories, next }: Answer<typeof listMemories>, { since, until }: Days): string {
  const some = next === null ? "" : `of the newest ${count(mostShown)} `;
  const many = `${counted(located(memories).length, "memory", "memories")} with a place, ${some}`;
  if (since === until) return `${many}of ${dateText(since ?? "")}.`;
  const ends = [since && `from ${dateText(since)}`, until && `up to ${dateText(until)}`];
  return `${many}${ends.filter((end) => end).join(" ")}.`;
}

function Found({ found, days }: { found: Answer<typeof listMemories>; days: Days }) {
  const items = located(found.memories);
  if (items.length === 0)
    return (
      <Empty title="No memory of these days has a place">
        <p class="soft">Their source does not say where they were recorded.</p>
      </Empty>
    );
  return (
    <>
      <section class="panel pad" aria-label="Map">
        <WorldMap spots={spotsOf(items, days)} isWhole />
      </section>
      <section class="panel">
        <LongList items={items} keyOf={memoryKey} label="Memories">
          {(memory, stop) => (
            <MemoryRow memory={memory} isZoneNamed={areZonesMixed(days.connector)} stop={stop} />
          )}
        </LongList>
      </section>
    </>
  );
}

/** One for each place, which leads to its memories; the small ones lie on top. */
function spotsOf(items: readonly Located[], days: Days): Spot[] {
  const bySpot = Map.groupBy(items, ({ location: { lat, lon } }) => `${lat},${lon}`);
  const most = Math.max(...[...bySpot.values()].map(({ length }) => length));
  const largestFirst = [...bySpot].toSorted(([, one], [, other]) => other.length - one.length);
  return largestFirst.map(([near, [first, ...others]]) => {
    const { location, place } = first as Located;
    const weight = others.length + 1;
    return {
      key: near,
      at: [location.lon, location.lat],
      weight,
      radius: 5 + 10 * Math.sqrt(weight / most),
      title: `${place ?? near}: ${counted(weight, "memory", "memories")}`,
      href:
        weight === 1
          ? memoryAddress(first as Located)
          : addressOf(["memories"], { ...days, near, radius: spotRadius }),
    };
  });
}
