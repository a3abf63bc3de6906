import type { places } from "../../../src/operations/memories/places.ts";
import type { Answer } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { nearOf } from "../../memories/near-spots.ts";
import { type Spot, WorldMap } from "../../memories/world-map.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf } from "../../shell/router.ts";
import { count, counted } from "../../words/numbers.ts";
import { listed } from "../../words/text.ts";
import { type Area, areaAddress, middleOf, nameOf } from "./area.ts";
import { DaysOnMap } from "./days-on-map.tsx";

type Places = Answer<typeof places>;

const sizes = [
  ["1", "some 100 km"],
  ["0.1", "some 10 km"],
  ["0.01", "some 1 km"],
] as const;

/** Where was recorded: a map that needs no other host, and a list that says the same; of all memories, or of some days. */
export default function PlacesPage({ query }: PageProps) {
  const [connector, since, until] = ["connector", "since", "until"].map((name) => query.get(name)) as [
    string | null,
    string | null,
    string | null,
  ];
  if (since !== null || until !== null)
    return <DaysOnMap connector={connector} since={since} until={until} />;
  return <AllPlaces connector={connector} query={query} />;
}

function AllPlaces({ connector, query }: { connector: string | null; query: URLSearchParams }) {
  const asked = query.get("size");
  const [size] = sizes.find(([each]) => each === asked) ?? sizes[1];
  const answer = useAnswer(
    (signal) => api.places({ connectorId: connector ?? undefined, size, limit: 100 }, { signal }),
    [connector, size],
    ({ type }) => type === "run:end",
  );
  const shown = answer.value.value;
  return (
    <Page
      title={shown === null ? "Memories by place" : titleOf(shown)}
      short="Places"
      lede={
        <>
          By place. Or see them <a href={addressOf(["timeline"], { connector })}>by day</a>.
        </>
      }
    >
      <nav class="chips" aria-label="Size of an area">
        {sizes.map(([each, label]) => (
          <a
            key={each}
            class="chip"
            aria-current={each === size ? "true" : undefined}
            href={addressOf(["places"], { connector, size: each })}
          >
            {label}
          </a>
        ))}
      </nav>
      <Loaded from={answer}>{(found) => <Areas found={found} query={query} />}</Loaded>
    </Page>
  );
}

export function titleOf({ places: areas, next }: Places): string {
  const [first, second] = areas;
  if (first === undefined) return "No memory has a place yet.";
  const many = `${counted(first.memories, "memory was", "memories were")} recorded near ${nameOf(first)}`;
  if (second === undefined) return `${many}.`;
  if (second.memories === first.memories) return `${many}, as many as near ${nameOf(second)}.`;
  const isMost = next === null && first.memories * 2 > sumOf(areas);
  return isMost ? `${many}, most of those with a place.` : `${many}, more than anywhere else.`;
}

const sumOf = (areas: readonly Area[]): number => areas.reduce((total, { memories }) => total + memories, 0);

function Areas({ found: { places: areas, next }, query }: { found: Places; query: URLSearchParams }) {
  if (areas.length === 0)
    return (
      <Empty title="Nothing to show.">
        <p class="soft">
          Memories appear here once a run has read them, as far as their source says where they were recorded.
        </p>
      </Empty>
    );
  const spots = spotsOf(areas);
  const isWhole = query.get("map") === "whole";
  return (
    <section class="panel pad stack" aria-label="Places">
      <WorldMap spots={spots} isWhole={isWhole} />
      <FarAway spots={spots} query={query} isWhole={isWhole} />
      {next !== null && <p class="soft">The 100 with the most memories. Larger areas show all in fewer.</p>}
      <ul aria-label="Places">
        {areas.map((area) => (
          <li class="ent" key={`${area.connectorId} ${area.area}`}>
            <span />
            <span>
              <a href={areaAddress(area)}>{nameOf(area)}</a>{" "}
              <span class="small soft">{area.connectorId}</span>
            </span>
            <span class="small muted nowrap">{counted(area.memories, "memory", "memories")}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** How many far places are named. */
const mostNamed = 3;

/** What lies beyond the map, and the way to a map with it. */
function FarAway({
  spots,
  query,
  isWhole,
}: {
  spots: readonly (Spot & { name: string })[];
  query: URLSearchParams;
  isWhole: boolean;
}) {
  const near = new Set(nearOf(spots));
  const far = spots.filter((spot) => !near.has(spot));
  if (far.length === 0) return null;
  const to = (map: string | null) =>
    addressOf(["places"], { connector: query.get("connector"), size: query.get("size"), map });
  if (isWhole)
    return (
      <p class="small">
        <a href={to(null)}>Show where most are</a>
      </p>
    );
  const named = far.slice(0, mostNamed).map(({ name }) => name);
  const others = far.length - named.length;
  return (
    <p class="small soft">
      {counted(far.length, "place lies", "places lie")} beyond this map:{" "}
      {listed(others === 0 ? named : [...named, `${count(others)} more`])}.{" "}
      <a href={to("whole")}>Show all on the map</a>
    </p>
  );
}

/** As large as there are memories. */
function spotsOf(areas: readonly Area[]): (Spot & { name: string })[] {
  const most = areas.reduce((max, { memories }) => Math.max(max, memories), 1);
  return areas.map((area) => ({
    key: `${area.connectorId} ${area.area}`,
    at: [middleOf(area)[1], middleOf(area)[0]],
    name: nameOf(area),
    weight: area.memories,
    radius: 5 + 15 * Math.sqrt(area.memories / most),
    title: `${nameOf(area)}: ${counted(area.memories, "memory", "memories")}`,
    href: areaAddress(area),
  }));
}
