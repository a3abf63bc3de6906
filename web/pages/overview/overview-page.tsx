import { type Signal, useSignal } from "@preact/signals";
import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import type { ListedConnector } from "../../connectors/connector.ts";
import { type ConnectorState, ranks, stateOf } from "../../connectors/connector-state.ts";
import { headline } from "../../connectors/headline.ts";
import { useConnectorList } from "../../connectors/use-connector-list.ts";
import { Empty } from "../../parts/empty.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Page } from "../../parts/page.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { now } from "../../words/now.ts";
import { count, counted } from "../../words/numbers.ts";
import { moment } from "../../words/time.ts";
import { ConnectorRow } from "./connector-row.tsx";
import { Flow } from "./flow.tsx";
import { BehindLast, ListHead, Pager } from "./list-head.tsx";
import { RunAllPlan } from "./run-all-plan.tsx";
import { StripKey } from "./strip-key.tsx";
import { totalsOf } from "./totals.ts";
import { shownOf, type View, viewOf } from "./view.ts";

/** All connectors, trouble first. */
export default function OverviewPage({ query }: PageProps) {
  const { all, isWhole, problem, reload } = useConnectorList();
  const isRunningAll = useSignal(false);
  const connectors = all.value;
  if (connectors === null)
    return (
      <Page title="Overview">
        {problem.value ? (
          <Trouble problem={problem.value} retry={() => void reload()} />
        ) : (
          <p class="waiting">Asking the service…</p>
        )}
      </Page>
    );
  const rows = connectors
    .map((connector) => ({ id: connector.id, connector, state: stateOf(connector, now.value) }))
    .toSorted((a, b) => ranks.indexOf(a.state.rank) - ranks.indexOf(b.state.rank));
  return (
    <Page
      title={isWhole.value ? headline(rows) : "Overview"}
      short="Overview"
      lede={isWhole.value ? ledeOf(connectors, now.value) : "The connectors are on their way…"}
      actions={<Actions isRunningAll={isRunningAll} hasSome={connectors.length > 0} />}
    >
      {problem.value && <Trouble problem={problem.value} retry={() => void reload()} />}
      {isRunningAll.value && may(api.triggerAll) && (
        <RunAllPlan
          close={() => {
            isRunningAll.value = false;
          }}
        />
      )}
      {connectors.length === 0 ? <NoConnectors /> : <Flow totals={totalsOf(connectors)} />}
      {connectors.length > 0 && <Rows rows={rows} view={viewOf(query)} />}
    </Page>
  );
}

interface Row {
  id: string;
  connector: ListedConnector;
  state: ConnectorState;
}

/** The part of the list that the address shows. */
function Rows({ rows, view }: { rows: readonly Row[]; view: View }) {
  const shown = shownOf(rows, view);
  return (
    <>
      <ListHead rows={rows} view={view} />
      <BehindLast shown={shown} view={view} />
      {shown.count === 0 ? (
        <Empty title={view.part === "" ? "No connector stands so" : "No connector of this id stands so"}>
          <p>
            <a href="#/">Show all</a>
          </p>
        </Empty>
      ) : (
        <section class="panel">
          <table class="rows">
            <thead>
              <tr>
                <th scope="col">Connector, what it does and why</th>
                <th scope="col">Last 30 runs (height: memories)</th>
                <th scope="col" class="num">
                  Complete as of
                </th>
                <th scope="col" class="num">
                  Behind
                </th>
                <th scope="col" class="num">
                  In flight
                </th>
                <th scope="col" class="num">
                  Dead letters
                </th>
                <th scope="col" class="num">
                  Next run
                </th>
              </tr>
            </thead>
            <tbody>
              {shown.rows.map(({ id, connector, state }) => (
                <ConnectorRow key={id} connector={connector} state={state} />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Pager shown={shown} view={view} />
      <StripKey />
    </>
  );
}

function Actions({ isRunningAll, hasSome }: { isRunningAll: Signal<boolean>; hasSome: boolean }) {
  return (
    <>
      {hasSome && may(api.triggerAll) && (
        <button
          type="button"
          class="btn"
          aria-expanded={isRunningAll.value}
          onClick={() => {
            isRunningAll.value = !isRunningAll.value;
          }}
        >
          <Icon name="play" /> Run all now…
        </button>
      )}
      {may(api.createConnector) && <NewConnector />}
    </>
  );
}

/** `4,391 of 4,628 memories are proved in LightRAG. The oldest that is not is from 1 August.` */
function ledeOf(connectors: readonly ListedConnector[], at: number): string | null {
  const { known, proved, skipped } = totalsOf(connectors);
  if (known === 0) return null;
  const wanted = known - skipped;
  const oldest = connectors
    .flatMap(({ oldestUnfinishedAt, timezone }) =>
      oldestUnfinishedAt === null ? [] : [{ at: oldestUnfinishedAt, timezone }],
    )
    .toSorted((one, other) => (one.at < other.at ? -1 : 1))
    .at(0);
  const rest =
    oldest === undefined ? "" : ` The oldest that is not is of ${moment(oldest.at, at, oldest.timezone)}.`;
  return `${count(proved)} of ${counted(wanted, "memory is", "memories are")} proved in LightRAG.${rest}`;
}

function NewConnector() {
  return (
    <a class="btn" href="#/new-connector">
      New connector
    </a>
  );
}

function NoConnectors() {
  return (
    <Empty title="Nothing is carried yet">
      <p class="soft">
        Tell it where the memories are and where LightRAG is: under <code>connectors</code> in the
        configuration file . <code>memory-connector init</code> asks for both and tries them.
      </p>
    </Empty>
  );
}
