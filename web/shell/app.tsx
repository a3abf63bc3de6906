import { useSignal } from "@preact/signals";
import { Component, type ComponentChildren, type ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { followLive } from "../api/followed-live.ts";
import { liveTypes } from "../api/live-types.ts";
import { loadFile } from "../api/load-file.ts";
import { isOutage } from "../api/outage.ts";
import { type ApiProblem, asProblem } from "../api/problem.ts";
import { findSession, session } from "../api/session.ts";
import { useWhenBack } from "../api/use-answer.ts";
import { knownConnectors, useKnownConnectors } from "../connectors/known-connectors.ts";
import { SignInPage } from "../pages/sign-in-page.tsx";
import { Empty } from "../parts/empty.tsx";
import { LeftOutParts } from "../parts/left-out.tsx";
import { Page } from "../parts/page.tsx";
import { Trouble } from "../parts/trouble.tsx";
import { ServicePage } from "../service/service-page.tsx";
import { Frame } from "./frame.tsx";
import type { PageProps } from "./page-props.ts";
import { type PageEntry, pages } from "./pages.ts";
import { readingOf } from "./reading.ts";
import { match, type Place, place } from "./router.ts";

/** The whole page: who is signed in, then what the address names. */
export function App() {
  const problem = useSignal<ApiProblem | null>(null);
  const ask = () => {
    problem.value = null;
    findSession().catch((thrown: unknown) => {
      problem.value = asProblem(thrown);
    });
  };
  useEffect(ask, []);
  useWhenBack(problem.value, ask);
  useEffect(() => {
    if (session.value == null) return undefined;
    return followLive(liveTypes);
  }, [session.value == null]);
  return (
    <Frame>
      {problem.value ? (
        <Standing entry={entryAt(place.value)?.entry}>
          <Trouble problem={problem.value} retry={ask} />
        </Standing>
      ) : session.value === undefined ? (
        <p class="waiting">Asking the service…</p>
      ) : session.value === null || place.value.segments[0] === "sign-in" ? (
        <SignInPage />
      ) : (
        <Current />
      )}
    </Frame>
  );
}

function entryAt(where: Place): { entry: PageEntry; params: PageProps["params"] } | null {
  for (const entry of pages) {
    const params = match(entry.address, where);
    if (params !== null) return { entry, params };
  }
  return null;
}

function Current() {
  const found = entryAt(place.value);
  if (found !== null) return <Opened key={JSON.stringify([found.entry.address, found.params])} {...found} />;
  return (
    <Page title="There is no such page.">
      <Empty title="The address leads nowhere">
        <p>
          <a href="#/">Go to the overview</a>
        </p>
      </Empty>
    </Page>
  );
}

/** In the place of a page that is not there, or not yet: it has its name, and the ways from it. */
function Standing({ entry, children }: { entry: PageEntry | undefined; children: ComponentChildren }) {
  const Around = entry?.address.startsWith("/service") ? ServicePage : Page;
  return <Around title={entry?.name ?? "memory-connector"}>{children}</Around>;
}

/** A page, once its file is here. After an update of the service the file may be gone: a reload finds the new one. */
function Opened({ entry, params }: { entry: PageEntry; params: PageProps["params"] }) {
  const view = useSignal<ComponentType<PageProps> | null>(null);
  const problem = useSignal<ApiProblem | null>(null);
  const open = async () => {
    try {
      view.value = (await loadFile(entry.load)).default;
      problem.value = null;
    } catch (thrown) {
      problem.value = asProblem(thrown);
    }
  };
  useEffect(() => {
    scrollTo(0, 0);
    void open();
  }, []);
  useWhenBack(problem.value, open);
  if (problem.value)
    return (
      <Standing entry={entry}>
        <Trouble problem={problem.value} retry={isOutage(problem.value) ? open : () => location.reload()} />
      </Standing>
    );
  const View = view.value;
  if (View === null) return null;
  const shown = (connectors: ReadonlySet<string> | null) => {
    const { query, unreadable } = place.value;
    const { said, leftOut } = readingOf(query, entry.reads ?? [], { connectors });
    const garbled = unreadable.map((part) => ({ part, why: "an encoding that cannot be read" }));
    return (
      <>
        <LeftOutParts of={[...garbled, ...leftOut]} />
        <Boundary entry={entry}>
          <View params={params} query={said} />
        </Boundary>
      </>
    );
  };
  const isOverConnectors = entry.reads?.some(({ isConnector }) => isConnector) ?? false;
  return isOverConnectors ? <OverConnectors entry={entry}>{shown}</OverConnectors> : shown(null);
}

/** What an address may say of a connector is read once these are known. One that is not among them may have been made since they were told. */
function OverConnectors({
  entry,
  children,
}: {
  entry: PageEntry;
  children: (connectors: ReadonlySet<string>) => ComponentChildren;
}) {
  const { value, problem, reload } = useKnownConnectors();
  const known = knownConnectors.value && new Set(knownConnectors.value.map(({ id }) => id));
  const isNew = place.value.query.getAll("connector").some((id) => id !== "" && !known?.has(id));
  if (known !== null && (value.value !== null || !isNew)) return <>{children(known)}</>;
  return (
    <Standing entry={entry}>
      {problem.value ? (
        <Trouble problem={problem.value} retry={reload} />
      ) : (
        <p class="waiting">Asking the service…</p>
      )}
    </Standing>
  );
}

/** A page that fails takes nothing else with it. */
class Boundary extends Component<
  { entry: PageEntry; children: ComponentChildren },
  { problem: ApiProblem | null }
> {
  override state = { problem: null };

  static override getDerivedStateFromError(thrown: unknown) {
    return { problem: asProblem(thrown) };
  }

  override render() {
    const { problem } = this.state;
    return problem === null ? (
      this.props.children
    ) : (
      <Standing entry={this.props.entry}>
        <Trouble problem={problem} retry={() => this.setState({ problem: null })} />
      </Standing>
    );
  }
}
