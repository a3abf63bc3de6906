import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { EntityList } from "../../memories/entity-list.tsx";
import { ledgerState } from "../../memories/ledger-state.ts";
import { dayOf } from "../../memories/memory-filter.ts";
import type { Memory } from "../../memories/memory-row.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { StateTag } from "../../parts/state.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import { Words } from "../../parts/words.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf } from "../../shell/router.ts";
import { now } from "../../words/now.ts";
import { capital, count } from "../../words/numbers.ts";
import { exactly, fromNow, moment } from "../../words/time.ts";
import { MemoryActions } from "./memory-actions.tsx";

interface Key {
  connectorId: string;
  contextId: string;
  memoryId: string;
}

/** One memory: what was said, whether it is in the graph and how that is known, and what the graph made of it. */
export default function MemoryPage({ params }: PageProps) {
  const { connectorId = "", contextId = "", memoryId = "" } = params;
  const key = { connectorId, contextId, memoryId };
  const answer = useAnswer(
    (signal) => api.getMemory(key, { signal }),
    [connectorId, contextId, memoryId],
    ({ type, connectorId: of }) => of === connectorId && (type.startsWith("item:") || type === "run:end"),
  );
  const memory = answer.value.value;
  return (
    <Page title={memory === null ? memoryId : titleOf(memory)} short={memoryId} above={<Crumb {...key} />}>
      {answer.problem.value && <Trouble problem={answer.problem.value} retry={() => void answer.reload()} />}
      {memory && (
        <div class="cols g-2-1">
          <div class="stack">
            <Said memory={memory} />
            <Ledger memory={memory} />
          </div>
          <div class="stack">
            <Standing memory={memory} reload={() => void answer.reload()} />
            <Entities {...key} />
          </div>
        </div>
      )}
    </Page>
  );
}

function titleOf({ recordedAt, place }: Memory): string {
  const when = recordedAt === null ? "A memory without a time" : `Recorded ${exactly(recordedAt)}`;
  return place === null ? when : `${when}, ${place}`;
}

function Crumb({ connectorId, memoryId }: Key) {
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

function Said({ memory: { text, location, tags, people, recordedAt } }: { memory: Memory }) {
  const near = location && `${location.lat},${location.lon}`;
  const day = recordedAt === null ? null : dayOf(recordedAt);
  return (
    <section class="panel pad stack" aria-label="What was said">
      {text === null ? (
        <p class="soft">
          The ledger keeps no words of it: <code>state.keep_text</code> says how many it may.
        </p>
      ) : (
        <blockquote class="said-big">{text}</blockquote>
      )}
      <p class="chips">
        {near && (
          <a class="chip" href={addressOf(["memories"], { near })}>
            near {near}
          </a>
        )}
        {day && (
          <a class="chip" href={addressOf(["memories"], { since: day, until: day })}>
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

function Ledger({ memory }: { memory: Memory }) {
  const { firstSeenAt, changedAt, attempts, fileSource, documentId, trackId, contentHash } = memory;
  const facts: [string, string][] = [
    ["First seen", exactly(firstSeenAt)],
    ["Stands so since", exactly(changedAt)],
    ["Attempts that failed", count(attempts)],
  ];
  const names = {
    Document: fileSource,
    "Id in LightRAG": documentId,
    Track: trackId,
    Fingerprint: contentHash,
  };
  return (
    <section class="panel pad stack">
      <h2>What the ledger knows</h2>
      <Facts facts={facts} />
      <dl class="kv">
        {Object.entries(names).map(
          ([label, name]) =>
            name !== null && (
              <div key={label} class="kv-row">
                <dt>{label}</dt>
                <dd>
                  <code>{name}</code>
                </dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}

function Standing({ memory, reload }: { memory: Memory; reload: () => void }) {
  const { status, error, skipReason, nextAttemptAt, changedAt } = memory;
  return (
    <section class="panel pad stack" aria-label="Where it stands">
      <h2>
        <StateTag state={ledgerState(status)} />
      </h2>
      {status === "processed" && (
        <p class="soft">
          LightRAG’s own record holds exactly this text: proved {moment(changedAt, now.value)}.
        </p>
      )}
      {skipReason && <p class="soft">{capital(skipReason)}</p>}
      {error && (
        <div class="why">
          <p>
            <b>{capital(error.message)}</b>
          </p>
          <p class="soft">
            <b>What to do:</b> <Words text={error.hint} />
          </p>
          <p>
            <a href={addressOf(["errors"], { code: error.code })}>
              All with <code>{error.code}</code>
            </a>
          </p>
        </div>
      )}
      {nextAttemptAt && <p class="soft">It is tried again {fromNow(nextAttemptAt, now.value)}.</p>}
      <MemoryActions memory={memory} reload={reload} />
    </section>
  );
}

function Entities(key: Key) {
  const answer = useAnswer(
    (signal) => api.memoryEntities(key, { signal }),
    [key.connectorId, key.contextId, key.memoryId],
  );
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
