import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { Connector, ConnectorStatus } from "../../connectors/connector.ts";
import { isLedgerStatus, ledgerState } from "../../memories/ledger-state.ts";
import { Zoned, zoneOf } from "../../memories/zones.tsx";
import { Bar } from "../../parts/bar.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { addressOf } from "../../shell/router.ts";
import { now } from "../../words/now.ts";
import { count, counted } from "../../words/numbers.ts";
import { rangeText, scheduleText } from "../../words/reasons.ts";
import { duration, fromNow, moment } from "../../words/time.ts";

/** What comes next, what is on its way, and what was set. */
export function Side({ connector: { id, status } }: { connector: Connector }) {
  return (
    <div class="stack">
      <NextDue id={id} status={status} />
      {status.inFlight > 0 && <OnTheirWay id={id} inFlight={status.inFlight} />}
      <Budget budget={status.budget} />
      <Zoned>{() => <Standing status={status} />}</Zoned>
      <Settings id={id} />
    </div>
  );
}

function NextDue({ id, status }: { id: string; status: ConnectorStatus }) {
  const { nextRunAt, pausedAt } = status.schedule;
  const due = useAnswer(
    (signal) => api.connectorSchedule({ connectorId: id, count: 5 }, { signal }),
    [id, nextRunAt, pausedAt],
  );
  return (
    <section class="panel pad stack">
      <h2>Next due</h2>
      <Loaded from={due}>
        {({ nextRuns, schedule, pausedAt: paused }) =>
          paused !== null ? (
            <p class="soft">Nothing, until it is resumed.</p>
          ) : nextRuns.length === 0 ? (
            <p class="soft">Nothing: it runs {scheduleText(schedule)}.</p>
          ) : (
            <>
              <p>
                <b class="big">{moment(nextRuns[0] ?? "", now.value)}</b>{" "}
                <span class="soft">
                  {fromNow(nextRuns[0] ?? "", now.value)}, {scheduleText(schedule)}
                </span>
              </p>
              <ul class="way">
                {nextRuns.slice(1).map((at) => (
                  <li key={at}>
                    <span>{moment(at, now.value)}</span>
                    <span class="muted">{fromNow(at, now.value)}</span>
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Loaded>
    </section>
  );
}

/** How many of those on their way are named. */
const mostNamed = 6;

function OnTheirWay({ id, inFlight }: { id: string; inFlight: number }) {
  const items = useAnswer(
    (signal) => api.listItems({ connectorId: id, status: "submitted", limit: mostNamed }, { signal }),
    [id],
    ({ type, connectorId }) => connectorId === id && type === "run:progress",
  );
  return (
    <section class="panel pad stack">
      <h2>On their way: {count(inFlight)}</h2>
      <Loaded from={items}>
        {(page) => (
          <ul class="way">
            {page.items.map(({ contextId, memoryId, text, changedAt }) => (
              <li key={`${contextId} ${memoryId}`}>
                <a href={addressOf(["memories", id, contextId, memoryId])}>{text ?? memoryId}</a>
                <span class="soft">for {duration(now.value - Date.parse(changedAt))}</span>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

function Budget({ budget }: { budget: ConnectorStatus["budget"] }) {
  if (budget === null) return null;
  const shares = (["documents", "characters", "tokens"] as const).flatMap((name) => {
    const { spent, limit } = budget[name];
    return limit === null ? [] : [{ name, spent, limit }];
  });
  return (
    <section class="panel pad stack">
      <h2>Budget today</h2>
      {shares.map(({ name, spent, limit }) => (
        <div key={name} class="progress">
          <Bar
            shares={[{ tone: "accent", value: Math.min(spent, limit) }]}
            total={limit}
            label={`${count(spent)} of ${count(limit)} ${name} spent`}
          />
          <p>
            <b>{count(spent)}</b>{" "}
            <span class="soft">
              of {count(limit)} {name}
              {name === "tokens" && ", estimated"}
            </span>
          </p>
        </div>
      ))}
    </section>
  );
}

function Standing({ status }: { status: ConnectorStatus }) {
  const { id, memories, scope, completeAsOf, backfill } = status;
  const known = Object.entries(memories).filter(([, value]) => value > 0);
  return (
    <section class="panel pad stack">
      <h2>Where its memories stand</h2>
      <dl class="kv">
        {known.map(([name, value]) => (
          <>
            <dt key={`${name} label`}>{isLedgerStatus(name) ? ledgerState(name).word : name}</dt>
            <dd key={name}>
              <a href={addressOf(["memories"], { connector: id, status: name })}>{count(value)}</a>
            </dd>
          </>
        ))}
        <dt>complete as of</dt>
        <dd>{completeAsOf === null ? "never" : moment(completeAsOf, now.value)}</dd>
        <dt>reads</dt>
        <dd>
          {rangeText(scope.queryRange)}
          {scope.outside ? `; ${counted(scope.outside, "memory lies", "memories lie")} outside` : ""}
        </dd>
        {backfill && (
          <>
            <dt>backfill</dt>
            <dd>
              {moment(backfill.since, now.value, zoneOf(id))} to{" "}
              {moment(backfill.until, now.value, zoneOf(id))},{" "}
              {backfill.finishedAt === null ? "under way" : `done ${moment(backfill.finishedAt, now.value)}`}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Settings({ id }: { id: string }) {
  const connector = useAnswer((signal) => api.getConnector({ connectorId: id }, { signal }), [id]);
  return (
    <section class="panel pad stack">
      <div class="head">
        <h2>Settings</h2>
        {may(api.replaceConnector) && (
          <a href={addressOf(["connectors", id, "settings"])}>Look and change…</a>
        )}
      </div>
      <Loaded from={connector}>
        {({ origin, contextIds, strategy, schedule, description, version, changedAt }) => (
          <dl class="kv">
            {description !== "" && (
              <>
                <dt>for</dt>
                <dd>{description}</dd>
              </>
            )}
            <dt>contexts</dt>
            <dd>{contextIds.join(", ")}</dd>
            <dt>schedule</dt>
            <dd>{scheduleText(schedule)}</dd>
            <dt>documents</dt>
            <dd>{strategy}</dd>
            <dt>made in</dt>
            <dd>
              {origin === "file"
                ? "the configuration file"
                : `the API, version ${version}${changedAt === null ? "" : `, ${moment(changedAt, now.value)}`}`}
            </dd>
          </dl>
        )}
      </Loaded>
    </section>
  );
}
