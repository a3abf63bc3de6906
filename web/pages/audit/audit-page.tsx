import { useSignal } from "@preact/signals";
import { api } from "../../api/endpoints.ts";
import { type Pages, usePages } from "../../memories/use-pages.ts";
import { BusyButton } from "../../parts/busy-button.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import { ForThoseWhoMay, ServicePage } from "../../service/service-page.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { now } from "../../words/now.ts";
import { counted } from "../../words/numbers.ts";
import { exactly, fromNow, moment } from "../../words/time.ts";
import { type AuditFilter, auditAddress, Chips, FilterForm, filterOf, queryOf } from "./audit-filter.tsx";
import { type AuditEntry, actionWords, actorWords, subjectAddress, subjectOf } from "./audit-words.ts";
import { Verification } from "./verification.tsx";

const pageSize = 50;

/** Who changed what, newest first; the filter is the address. */
export default function AuditPage({ query }: PageProps) {
  const filter = filterOf(query);
  return (
    <ForThoseWhoMay what="The audit log" ask={api.listAuditEntries}>
      {() => <Log key={JSON.stringify(filter)} filter={filter} />}
    </ForThoseWhoMay>
  );
}

function Log({ filter }: { filter: AuditFilter }) {
  const list = usePages<AuditEntry>(async (after, signal) => {
    const page = { limit: pageSize, ...(after !== undefined && { after }) };
    const { entries, next } = await api.listAuditEntries({ ...queryOf(filter), ...page }, { signal });
    return { items: entries, next };
  }, []);
  return (
    <ServicePage
      title={titleOf(filter, list)}
      short="Audit"
      lede="What was done is here, newest first; what was refused is in the service's own log. The filter is the address."
    >
      <FilterForm filter={filter} />
      <Chips filter={filter} />
      {list.problem.value && <Trouble problem={list.problem.value} retry={list.retry} />}
      <Entries list={list} isFiltered={Object.keys(filter).length > 0} />
      <Verification />
    </ServicePage>
  );
}

function titleOf(filter: AuditFilter, { items, isWhole, isAsking }: Pages<AuditEntry>): string {
  const [latest] = items.value;
  if (latest === undefined)
    return isAsking.value || !isWhole.value
      ? "Audit"
      : `Nothing ${Object.keys(filter).length > 0 ? "of this kind " : ""}was done.`;
  if (Object.keys(filter).length > 0) {
    const many = counted(items.value.length, "change");
    return isWhole.value ? `${many} of this kind.` : `More than ${many} of this kind.`;
  }
  return `The latest, ${fromNow(latest.at, now.value)}: ${sentenceOf(latest)}.`;
}

const sentenceOf = (entry: AuditEntry): string =>
  [actorWords(entry.actor), actionWords(entry.action), subjectOf(entry) ?? ""].join(" ").trim();

function Entries({ list, isFiltered }: { list: Pages<AuditEntry>; isFiltered: boolean }) {
  const entries = list.items.value;
  if (entries.length === 0)
    return list.isWhole.value ? (
      <Empty title={isFiltered ? "No entry is of this kind" : "Nothing was changed yet"}>
        <p class="soft">
          {isFiltered
            ? "Remove a part of the filter to see more."
            : "Every change through the API and on the command line comes here."}
        </p>
      </Empty>
    ) : null;
  return (
    <section class="panel" aria-label="Entries">
      <ul class="entries">
        {entries.map((entry) => (
          <Entry key={entry.number} entry={entry} />
        ))}
      </ul>
      {!list.isWhole.value && (
        <div class="acts pad">
          <BusyButton isBusy={list.isAsking.value} onClick={list.more}>
            {list.isAsking.value ? "Bringing more…" : "Show older ones"}
          </BusyButton>
        </div>
      )}
    </section>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { number, at, actor, action } = entry;
  const subject = subjectOf(entry);
  const isOpen = useSignal(false);
  const address = subjectAddress(entry);
  const who = actor.id ?? actor.name;
  return (
    <li>
      <p>
        <span class="small soft nowrap" title={exactly(at)}>
          {moment(at, now.value)}
        </span>{" "}
        {who === null ? (
          <b>{actorWords(actor)}</b>
        ) : (
          <a href={auditAddress({ actor: who })} title="All that was done by this one">
            {actorWords(actor)}
          </a>
        )}{" "}
        {actionWords(action)}{" "}
        {subject !== null && (address === null ? <b>{subject}</b> : <a href={address}>{subject}</a>)}
      </p>
      <details
        onToggle={({ currentTarget }) => {
          isOpen.value = currentTarget.open;
        }}
      >
        <summary class="small">
          Entry {number}, <code>{action}</code>
        </summary>
        {isOpen.value && <Details entry={entry} />}
      </details>
    </li>
  );
}

function Details({ entry: { before, after, from, actor, hash, previous } }: { entry: AuditEntry }) {
  const facts: readonly (readonly [label: string, value: string | null])[] = [
    ["By", `${actor.kind}${actor.id === null ? "" : ` ${actor.id}`}`],
    ["Caller", from.address],
    ["Written on", from.host],
    ["Request", from.requestId],
    ["Hash", hash],
    ["Hash before", previous],
  ];
  return (
    <div class="stack">
      <dl class="kv">
        {facts.map(([label, value]) =>
          value === null ? null : (
            <>
              <dt>{label}</dt>
              <dd class="mono">{value}</dd>
            </>
          ),
        )}
      </dl>
      {before !== null && <Value label="Before" value={before} />}
      {after !== null && <Value label="After" value={after} />}
    </div>
  );
}

function Value({ label, value }: { label: string; value: unknown }) {
  return (
    <div>
      <h3>{label}</h3>
      <pre class="value">{JSON.stringify(value, null, 2)}</pre>
    </div>
  );
}
