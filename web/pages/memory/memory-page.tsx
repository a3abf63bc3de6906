import { useSignal } from "@preact/signals";
import { api } from "../../api/endpoints.ts";
import type { LiveEvent } from "../../api/live.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { EntityList } from "../../memories/entity-list.tsx";
import type { Memory, MemoryKey } from "../../memories/memory-row.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { Said } from "../../parts/said.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf } from "../../shell/router.ts";
import { exactlyIn } from "../../words/time.ts";
import { Chunks } from "./chunks.tsx";
import { DocumentPanel } from "./document-panel.tsx";
import { History } from "./history.tsx";
import { Media } from "./media.tsx";
import { LedgerEntry, Standing } from "./standing.tsx";
import { Where } from "./where.tsx";

/** One memory: what was said, whether it is in the graph and how that is known, and what the graph made of it. */
export default function MemoryPage({ params }: PageProps) {
  const { connectorId = "", contextId = "", memoryId = "" } = params;
  const key = { connectorId, contextId, memoryId };
  const concerns = ({ type, connectorId: of }: LiveEvent) =>
    of === connectorId && (type.startsWith("item:") || type === "run:end");
  const answer = useAnswer((signal) => api.getMemory(key, { signal }), [JSON.stringify(key)], concerns);
  const memory = answer.value.value;
  return (
    <Page title={memory === null ? memoryId : titleOf(memory)} short={memoryId} above={<Crumb {...key} />}>
      {answer.problem.value && <Trouble problem={answer.problem.value} retry={() => void answer.reload()} />}
      {memory && <Whole memory={memory} reload={() => void answer.reload()} />}
    </Page>
  );
}

function titleOf({ local, place }: Memory): string {
  const when =
    local === null ? "A memory without a time" : `Recorded ${exactlyIn(local.time, local.timeZone)}`;
  return place === null ? when : `${when}, ${place}`;
}

function Crumb({ connectorId, memoryId }: MemoryKey) {
  return (
    <nav class="crumb" aria-label="Where this is">
      <a href="#/memories">Memories</a>
      <span aria-hidden="true">/</span>
      <a href={addressOf(["memories"], { connector: connectorId })}>{connectorId}</a>
      <span aria-hidden="true">/</span>
      <code>{memoryId}</code>
    </nav>
  );
}

/** What is shown beside the entry is asked for again when the entry has changed. */
function Whole({ memory, reload }: { memory: Memory; reload: () => void }) {
  const { connectorId, contextId, memoryId, changedAt, status } = memory;
  const key = { connectorId, contextId, memoryId };
  const fromSource = useSignal(false);
  const stand = JSON.stringify([key, changedAt, status]);
  const document = useAnswer(
    (signal) => api.memoryDocument({ ...key, fromSource: fromSource.value }, { signal }),
    [stand, fromSource.value],
  );
  const askSource = () => {
    fromSource.value = true;
  };
  return (
    <div class="cols g-2-1">
      <div class="stack">
        <Words memory={memory} />
        <Media {...key} known={document.value.value?.media} />
        <DocumentPanel from={document} isAsked={fromSource.value} askSource={askSource} />
        <Chunks key={stand} {...key} />
        <LedgerEntry memory={memory} />
      </div>
      <div class="stack">
        <Standing memory={memory} reload={reload} />
        <Where memory={memory} />
        <History {...key} stand={stand} />
        <Entities {...key} stand={stand} />
      </div>
    </div>
  );
}

function Words({ memory }: { memory: Memory }) {
  const { connectorId: connector, error, skipReason, text, location, tags, people, local } = memory;
  const near = location && `${location.lat},${location.lon}`;
  const day = local?.date;
  return (
    <section class="panel pad stack" aria-label="What was said">
      {text === null ? (
        <p class="soft">
          {skipReason === "empty_transcript" ? (
            "It has no words: its source shows no transcript of it."
          ) : error?.code.startsWith("MEMORY_") ? (
            "Nothing of it could be read. What to do about it stands beside."
          ) : (
            <>
              The ledger has no words of it: it has none, or <code>state.keep_text</code> keeps them out.
            </>
          )}
        </p>
      ) : (
        <blockquote class="said-big">
          <Said text={text} />
        </blockquote>
      )}
      <p class="chips">
        {near && (
          <a class="chip" href={addressOf(["memories"], { near })}>
            near {near}
          </a>
        )}
        {day && (
          <a class="chip" href={addressOf(["memories"], { connector, since: day, until: day })}>
            that day
          </a>
        )}
        {tags.map((tag) => (
          <a key={tag} class="chip" href={addressOf(["memories"], { tag })}>
            #{tag}
          </a>
        ))}
        {people.map((person) => (
          <a key={person} class="chip" href={addressOf(["memories"], { person })}>
            {person}
          </a>
        ))}
      </p>
    </section>
  );
}

function Entities({ stand, ...key }: MemoryKey & { stand: string }) {
  const answer = useAnswer((signal) => api.memoryEntities(key, { signal }), [stand]);
  return (
    <section class="panel pad stack">
      <h2>What the graph made of it</h2>
      <Loaded from={answer}>
        {({ entities, delivered, complete }) => (
          <>
            <EntityList entities={entities} connectorId={key.connectorId} />
            {entities.length === 0 && (
              <p class="soft">
                {delivered
                  ? "LightRAG found nothing in it to name."
                  : "Nothing yet: its document is not in LightRAG."}
              </p>
            )}
            {!complete && <p class="soft">The server shows only a part of its graph.</p>}
          </>
        )}
      </Loaded>
    </section>
  );
}
