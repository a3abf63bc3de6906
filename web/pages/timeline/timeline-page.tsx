import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { ConnectorChoice } from "../../connectors/connector-choice.tsx";
import { areZonesMixed, zoneOver, zoneText } from "../../memories/zones.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf, go } from "../../shell/router.ts";
import { now } from "../../words/now.ts";
import { count, counted } from "../../words/numbers.ts";
import { Heat } from "./heat.tsx";
import { chosenIn, monthName, newestOf, type Period, type Timeline, timelineOf, yearOf } from "./periods.ts";

/** When was recorded what: a year at a glance, and the days of a month, each of which leads to its memories. */
export default function TimelinePage({ query }: PageProps) {
  const connector = query.get("connector");
  const { year, month } = chosenIn(query);
  const timezone = areZonesMixed(connector) ? undefined : zoneOver(connector);
  const answer = useAnswer(
    (signal) =>
      timelineOf((input) => api.timeline(input, { signal }), { connector, timezone, year }, Date.now()),
    [connector, timezone, year],
    ({ type }) => type === "run:end",
  );
  const shown = answer.value.value;
  return (
    <Page
      title={shown === null ? "Memories by day" : titleOf(shown)}
      short="Timeline"
      lede={
        <>
          By day. Or see them <a href={addressOf(["places"], { connector })}>by place</a>.{" "}
          {zoneText(connector)}
        </>
      }
    >
      <div class="form narrow-form">
        <ConnectorChoice
          chosen={connector}
          none="all connectors"
          label="Connector"
          onChoice={(id) => go(addressOf(["timeline"], { connector: id }))}
        />
      </div>
      <Loaded from={answer}>
        {(timeline) => <Years timeline={timeline} connector={connector} month={month} />}
      </Loaded>
    </Page>
  );
}

function titleOf({ year, days }: Timeline): string {
  const total = days.reduce((sum, { memories }) => sum + memories, 0);
  if (year === null) return "No memory has a time yet.";
  return total === 0
    ? `No memory is of ${year}.`
    : `${counted(total, "memory", "memories")} in ${year}, on ${counted(days.length, "day")}.`;
}

interface Chosen {
  timeline: Timeline;
  connector: string | null;
  month: string | null;
}

function Years({ timeline: { year, years, months, days }, connector, month: asked }: Chosen) {
  if (year === null)
    return (
      <Empty title="Nothing to show.">
        <p class="soft">
          Memories appear here once a run has read them, as far as their source says when they were recorded.
        </p>
      </Empty>
    );
  const month = asked ?? newestOf(days, now.value)?.period.slice(0, -3) ?? `${year}-01`;
  const ofMonth = days.filter(({ period }) => period.startsWith(`${month}-`));
  return (
    <section class="panel pad stack" aria-label="By day">
      <nav class="chips" aria-label="Years">
        {years.map((each) => (
          <a
            key={each}
            class="chip"
            aria-current={each === year ? "true" : undefined}
            href={addressOf(["timeline"], { connector, year: each })}
          >
            {each}
          </a>
        ))}
      </nav>
      <Heat year={year} month={month} days={days} addressOfDay={(day) => dayAddress(day, connector)} />
      <nav class="chips" aria-label="Months">
        {months
          .filter(({ period }) => yearOf(period) === year)
          .map(({ period, memories }) => (
            <a
              key={period}
              class="chip"
              aria-current={period === month ? "true" : undefined}
              href={addressOf(["timeline"], { connector, year, month: period })}
            >
              {monthName(period)} {count(memories)}
            </a>
          ))}
      </nav>
      <Days days={ofMonth} month={month} connector={connector} />
    </section>
  );
}

function Days({
  days,
  month,
  connector,
}: {
  days: readonly Period[];
  month: string;
  connector: string | null;
}) {
  return (
    <>
      <h2>
        {monthName(month)}: {days.length === 0 ? "no memories" : counted(days.length, "day")}
      </h2>
      <ul aria-label="Days">
        {days.map((day) => (
          <li class="ent" key={day.period}>
            <span />
            <a href={dayAddress(day, connector)}>{dayName(day)}</a>
            <span class="small muted">
              {counted(day.memories, "memory", "memories")},{" "}
              <a href={mapAddress(day, connector)} aria-label={`${dayName(day)} on the map`}>
                on the map
              </a>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

const longDay = new Intl.DateTimeFormat("en-GB", {
  weekday: "long",
  day: "numeric",
  month: "long",
  timeZone: "UTC",
});

const dayName = ({ period }: Period): string => longDay.format(new Date(`${period}T00:00:00Z`));

const mapAddress = ({ period }: Period, connector: string | null): string =>
  addressOf(["places"], { connector, since: period, until: period });

const dayAddress = ({ period }: Period, connector: string | null): string =>
  addressOf(["memories"], { connector, since: period, until: period });
