import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { type Connector, standingOf } from "../../connectors/connector.ts";
import { type ConnectorState, stateOf } from "../../connectors/connector-state.ts";
import { useConnector } from "../../connectors/use-connector.ts";
import { Page } from "../../parts/page.tsx";
import { StateTag } from "../../parts/state.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import { Words } from "../../parts/words.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { now } from "../../words/now.ts";
import { type Acting, Actions, OpenPlan } from "./actions.tsx";
import { LiveBox } from "./live-box.tsx";
import { pacesOf } from "./pace.ts";
import { PaceGraph } from "./pace-graph.tsx";
import { Side } from "./side.tsx";
import { RunsAndChanges } from "./timeline.tsx";

/** One connector: what it does now, what came before, what comes next, and what it can be asked to do. */
export default function ConnectorPage({ params: { id = "" }, query }: PageProps) {
  const { value, problem, reload } = useConnector(id);
  const connector = value.value;
  const crumb = <Crumb id={id} />;
  if (connector === null)
    return (
      <Page title={id} above={crumb}>
        {problem.value ? (
          <Trouble problem={problem.value} retry={() => void reload()} />
        ) : (
          <p class="waiting">Asking the service…</p>
        )}
      </Page>
    );
  return (
    <Shown
      connector={connector}
      state={stateOf(standingOf(connector.status), now.value)}
      reload={reload}
      crumb={crumb}
      asked={query.get("show")}
    />
  );
}

function Shown({
  connector,
  state,
  reload,
  crumb,
  asked,
}: {
  connector: Connector;
  state: ConnectorState;
  reload: () => Promise<void>;
  crumb: ComponentChildren;
  asked: string | null;
}) {
  const { id, status, runs } = connector;
  const acting = useSignal<Acting | null>(null);
  return (
    <Page
      title={`${id}: ${state.word.charAt(0).toLowerCase()}${state.word.slice(1)}.`}
      short={id}
      above={crumb}
      lede={
        <>
          <StateTag state={state} /> <Words text={state.why} />
        </>
      }
      actions={<Actions status={status} acting={acting} />}
    >
      <div class="cols g-2-1">
        <div class="stack">
          {status.activeRun && (
            <LiveBox
              connector={id}
              run={status.activeRun}
              inFlight={status.inFlight}
              runs={runs}
              dead={status.memories.dead ?? 0}
            />
          )}
          <OpenPlan acting={acting} status={status} reload={reload} />
          <PaceGraph paces={pacesOf(runs, status.activeRun, now.value)} />
          <RunsAndChanges id={id} runs={runs} active={status.activeRun} asked={asked} />
        </div>
        <Side connector={connector} />
      </div>
    </Page>
  );
}

function Crumb({ id }: { id: string }) {
  return (
    <nav class="crumb" aria-label="Where this is">
      <a href="#/">Overview</a>
      <span aria-hidden="true">/</span>
      <span>{id}</span>
    </nav>
  );
}
