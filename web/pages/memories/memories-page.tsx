import { useEffect } from "preact/hooks";
import { api } from "../../api/endpoints.ts";
import { type LiveEvent, onLiveEvent } from "../../api/live.ts";
import { withoutRefused } from "../../api/problem.ts";
import {
  changed,
  chipsOf,
  type FilterKey,
  filterOf,
  type MemoryFilter,
  queryOf,
} from "../../memories/memory-filter.ts";
import { type Memory, MemoryRow, memoryKey } from "../../memories/memory-row.tsx";
import { type Pages, usePages } from "../../memories/use-pages.ts";
import { areZonesMixed, zoneOver, zoneText } from "../../memories/zones.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Icon } from "../../parts/icon.tsx";
import { AlsoLeftOut } from "../../parts/left-out.tsx";
import { LongList } from "../../parts/long-list.tsx";
import { Page } from "../../parts/page.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import { Words } from "../../parts/words.tsx";
import { useKeptScroll } from "../../shell/kept-scroll.ts";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf } from "../../shell/router.ts";
import { count, counted } from "../../words/numbers.ts";
import { capital } from "../../words/text.ts";
import { FilterForm } from "./filter-form.tsx";
import { ReplayShown } from "./replay-shown.tsx";

/** The first page is soon there; whoever goes on wants to get somewhere. */
const firstSize = 100;
const furtherSize = 500;

export const listAddress = (filter: MemoryFilter): string => addressOf(["memories"], { ...filter });

/** Memories by their time, newest first; the filter is the address. */
export default function MemoriesPage({ query }: PageProps) {
  const filter = filterOf(query);
  return <Listed key={JSON.stringify(filter)} filter={filter} zone={zoneOver(filter.connector)} />;
}

function Listed({ filter: asked, zone }: { filter: MemoryFilter; zone: string }) {
  const list = usePages<Memory>(
    (after, signal) => ask(asked, after, signal),
    [],
    JSON.stringify(asked),
    memoryKey,
  );
  useLook(list, asked.connector);
  const refused = list.refused.value;
  const filter = refused.reduce((known, { key }) => without(known, key), asked);
  useKeptScroll(list.items.value.length > 0);
  return (
    <Page
      title={titleOf(filter, list)}
      short="Memories"
      lede={`Newest first. The filter is the address. ${zoneText(filter.connector)}`}
    >
      <AlsoLeftOut of={refused.map(({ key, why }) => ({ part: `${key}=${asked[key as FilterKey]}`, why }))} />
      <FilterForm filter={filter} zone={zone} />
      <Chips filter={filter} zone={zone} />
      {list.problem.value && <Trouble problem={list.problem.value} retry={list.retry} />}
      <Fresh list={list} />
      {list.items.value.length > 0 && <ReplayShown filter={filter} reload={list.renew} />}
      <Found
        list={list}
        isZoneNamed={areZonesMixed(filter.connector)}
        isFiltered={Object.keys(filter).length > 0}
      />
    </Page>
  );
}

const without = (filter: MemoryFilter, key: string): MemoryFilter => changed(filter, { [key]: "" });

async function ask(filter: MemoryFilter, after: string | undefined, signal: AbortSignal) {
  if (filter.id !== undefined) return { items: await named(filter, signal), next: null };
  const page = after === undefined ? { limit: firstSize } : { limit: furtherSize, after };
  const { found, refused } = await withoutRefused(
    filter,
    (known) => api.listMemories({ ...queryOf(known), ...page }, { signal }),
    without,
  );
  const { memories, next, note } = found;
  return { items: memories, next, note, refused };
}

/** Events come in bursts; the list is looked after once after each. Milliseconds. */
const burstMs = 1_000;

const concerns: ReadonlySet<LiveEvent["type"]> = new Set([
  "missed",
  "run:phase",
  "run:progress",
  "run:end",
  "item:failed",
  "item:dead",
]);

/** Looks after the list whenever a run may have brought something to it. */
function useLook(list: Pages<Memory>, connector: string | undefined): void {
  useEffect(() => {
    let soon: ReturnType<typeof setTimeout> | undefined;
    const end = onLiveEvent(({ type, connectorId }) => {
      const isOurs = connector === undefined || connectorId === null || connectorId === connector;
      if (!isOurs || !concerns.has(type)) return;
      soon ??= setTimeout(() => {
        soon = undefined;
        void list.look();
      }, burstMs);
    });
    return () => {
      end();
      clearTimeout(soon);
    };
  }, [list]);
}

/** Rows that come do not move what somebody reads. */
function Fresh({ list: { fresh, renew } }: { list: Pages<Memory> }) {
  const { value } = fresh;
  return (
    <p role="status">
      {value > 0 && (
        <>
          {value < firstSize ? "" : "At least "}
          {count(value)} new:{" "}
          <button type="button" class="btn sm" onClick={renew}>
            Show
          </button>
        </>
      )}
    </p>
  );
}

async function named({ id = "", connector }: MemoryFilter, signal: AbortSignal): Promise<Memory[]> {
  const name = { memoryId: id, ...(connector !== undefined && { connectorId: connector }) };
  return (await api.findMemory(name, { signal })).memories;
}

function titleOf(filter: MemoryFilter, { items, isWhole, isAsking }: Pages<Memory>): string {
  const known = items.value.length;
  const which = Object.keys(filter).length > 0 ? " of this kind" : "";
  if (known === 0 && !isWhole.value) return isAsking.value ? "Looking for memories…" : "Memories";
  if (isWhole.value) return `${capital(counted(known, "memory", "memories"))}${which}.`;
  return `More than ${count(known)} memories${which}.`;
}

function Chips({ filter, zone }: { filter: MemoryFilter; zone: string }) {
  const chips = chipsOf(filter, zone);
  if (chips.length === 0) return null;
  return (
    <nav class="chips" aria-label="The list is kept to">
      {chips.map(({ key, text, without }) => (
        <a key={key} class="chip on" href={listAddress(without)} aria-label={`${text}: remove`}>
          {text} <Icon name="close" />
        </a>
      ))}
      {chips.length > 1 && <a href={listAddress({})}>Show all</a>}
    </nav>
  );
}

interface FoundProps {
  list: Pages<Memory>;
  isZoneNamed: boolean;
  isFiltered: boolean;
}

function Found({ list, isZoneNamed, isFiltered }: FoundProps) {
  const items = list.items.value;
  if (items.length === 0)
    return list.isWhole.value ? (
      <Empty title={isFiltered ? "No memory is of this kind" : "There are no memories yet"}>
        <p class="soft">
          {isFiltered ? (
            <Words
              text={[list.note.value ?? [], "Remove a part of the filter to see more."].flat().join(" ")}
            />
          ) : (
            "They appear here once a connector has run."
          )}
        </p>
      </Empty>
    ) : (
      list.isAsking.value && <p class="waiting">Asking the service…</p>
    );
  return (
    <section class="panel">
      <LongList
        items={items}
        keyOf={memoryKey}
        label="Memories"
        {...(list.isWhole.value ? {} : { more: list.more })}
      >
        {(memory, stop) => <MemoryRow memory={memory} isZoneNamed={isZoneNamed} stop={stop} />}
      </LongList>
      {list.isAsking.value && <p class="waiting pad">Bringing more…</p>}
    </section>
  );
}
