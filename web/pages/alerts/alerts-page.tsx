import type { listAlerts } from "../../../src/operations/alerts/list-alerts.ts";
import type { Answer } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { useAnswerOften } from "../../api/use-answer.ts";
import { Empty } from "../../parts/empty.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { StateTag, StateWord } from "../../parts/state.tsx";
import { Words } from "../../parts/words.tsx";
import { ServicePage } from "../../service/service-page.tsx";
import { addressOf } from "../../shell/router.ts";
import { now } from "../../words/now.ts";
import { counted } from "../../words/numbers.ts";
import { capital, listed } from "../../words/text.ts";
import { duration, exactly, fromNow, moment } from "../../words/time.ts";
import { Channels } from "./channels.tsx";

type Alerts = Answer<typeof listAlerts>;
type Alert = Alerts["alerts"][number];
type Rule = Alerts["rules"][number];

/** Another process may watch the rules, and channels take messages without a word. Milliseconds. */
const oftenMs = 10_000;

/** What is raised now and why, what is watched, and who is told. */
export default function AlertsPage() {
  const answer = useAnswerOften(
    (signal) => api.listAlerts({}, { signal }),
    [],
    oftenMs,
    ({ type }) => type === "alert:change",
  );
  const known = answer.value.value;
  return (
    <ServicePage
      title={known === null ? "Alerts" : titleOf(known)}
      short="Alerts"
      lede={known && ledeOf(known)}
    >
      <Loaded from={answer}>
        {({ alerts, enabled, rules, channels }) => (
          <>
            <Raised alerts={alerts.filter(isRaised)} rules={rules} />
            {enabled && <Watched rules={rules} alerts={alerts.filter(isRaised)} />}
            <Channels channels={channels} />
            <Over alerts={alerts.filter((alert) => !isRaised(alert))} />
          </>
        )}
      </Loaded>
    </ServicePage>
  );
}

const isRaised = ({ resolvedAt }: Alert): boolean => resolvedAt === null;

/** How many titles a headline holds. */
const named = 2;

export function titleOf({ alerts, enabled, rules }: Pick<Alerts, "alerts" | "enabled" | "rules">): string {
  const raised = alerts.filter(isRaised);
  if (raised.length > 0) {
    const titles = raised.slice(0, named).map(({ title }) => title);
    const more = raised.length - titles.length;
    const all = more === 0 ? titles : [...titles, `${more} more`];
    return `${counted(raised.length, "alert is", "alerts are")} raised: ${listed(all)}.`;
  }
  if (!enabled) return "Nothing is watched: alerts are off.";
  return rules.length === 0 ? "Nothing is watched: there is no rule." : "No alert is raised.";
}

function ledeOf({ enabled, rules, channels }: Alerts): string {
  if (!enabled) return "They begin with monitoring.alerts.enabled: true in the configuration.";
  const told =
    channels.length === 0
      ? "nobody is told: there is no channel"
      : `${counted(channels.length, "channel is", "channels are")} told`;
  return `${capital(counted(rules.length, "rule is", "rules are"))} watched, and ${told}.`;
}

function Raised({ alerts, rules }: { alerts: readonly Alert[]; rules: readonly Rule[] }) {
  if (alerts.length === 0)
    return (
      <Empty title="Nothing is raised">
        <p class="soft">An alert that is raised from now on appears here by itself.</p>
      </Empty>
    );
  return (
    <section class="panel" aria-label="Raised now">
      <ul class="entries">
        {alerts.map((alert) => (
          <li key={alert.id}>
            <div class="chips">
              <StateTag state={{ tone: "fail", word: "Raised", icon: "fail" }} />
              <span class="small soft" title={exactly(alert.since)}>
                since {moment(alert.since, now.value)}, {fromNow(alert.since, now.value)}
              </span>
            </div>
            <h2>{capital(alert.title)}</h2>
            <p class="lines">
              <Words text={alert.text} />
            </p>
            <p class="small soft">
              {meaningOf(alert, rules)} It was told last {fromNow(alert.lastToldAt, now.value)}.
            </p>
            <BehindIt alert={alert} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function meaningOf({ rule }: Alert, rules: readonly Rule[]): string {
  const [own, ...others] = rules.filter((each) => each.rule === rule);
  // Several rules of one name differ in their numbers; the title has the right one.
  return own === undefined || others.length > 0
    ? `The rule is ${rule}.`
    : `It is raised while ${own.meaning}.`;
}

function BehindIt({ alert: { connectorId } }: { alert: Alert }) {
  if (connectorId === null) return null;
  return (
    <p class="chips">
      <a href={addressOf(["connectors", connectorId])}>Go to {connectorId}</a>
      <a href={addressOf(["errors"], { connector: connectorId })}>Errors of {connectorId}</a>
    </p>
  );
}

function Watched({ rules, alerts }: { rules: readonly Rule[]; alerts: readonly Alert[] }) {
  if (rules.length === 0) return null;
  return (
    <section class="panel pad stack" aria-label="What is watched">
      <h2>An alert is raised while…</h2>
      <ul class="stack">
        {rules.map(({ rule, meaning, connectors }) => (
          <li key={rule + meaning} class="watched">
            <StateWord
              state={
                alerts.some((alert) => alert.rule === rule)
                  ? { tone: "fail", word: "Raised", icon: "fail" }
                  : { tone: "rest", word: "Not raised", icon: "check" }
              }
            />
            <span>
              {meaning} <code>{rule}</code>
              {connectors && <span class="small soft"> of {listed(connectors)} only</span>}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Over({ alerts }: { alerts: readonly Alert[] }) {
  if (alerts.length === 0) return null;
  return (
    <section class="panel pad stack" aria-label="Over">
      <h2>Over</h2>
      <ul class="stack">
        {alerts.toReversed().map(({ id, title, since, resolvedAt }) => (
          <li key={id} class="watched">
            <StateWord state={{ tone: "rest", word: "Over", icon: "check" }} />
            <span>
              {title}{" "}
              <span class="small soft">
                from {moment(since, now.value)}, for{" "}
                {duration(Date.parse(resolvedAt ?? since) - Date.parse(since))}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
