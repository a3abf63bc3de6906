import { useSignal } from "@preact/signals";
import { Component, type ComponentChildren, type ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { closeLive, openLive } from "../api/live.ts";
import { liveTypes } from "../api/live-types.ts";
import { loadFile } from "../api/load-file.ts";
import { isOutage } from "../api/outage.ts";
import { type ApiProblem, asProblem } from "../api/problem.ts";
import { findSession, session } from "../api/session.ts";
import { useWhenBack } from "../api/use-answer.ts";
import { SignInPage } from "../pages/sign-in-page.tsx";
import { Empty } from "../parts/empty.tsx";
import { Page } from "../parts/page.tsx";
import { Trouble } from "../parts/trouble.tsx";
import { Frame } from "./frame.tsx";
import type { PageProps } from "./page-props.ts";
import { type PageEntry, pages } from "./pages.ts";
import { match, place, unreadOf } from "./router.ts";

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
    openLive(liveTypes);
    return closeLive;
  }, [session.value == null]);
  return (
    <Frame>
      {problem.value ? (
        <Trouble problem={problem.value} retry={ask} />
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

function Current() {
  for (const entry of pages) {
    const params = match(entry.address, place.value);
    if (params !== null)
      return <Opened key={JSON.stringify([entry.address, params])} entry={entry} params={params} />;
  }
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

/** A page, once its file is here. After an update of the service the file may be gone: a reload finds the new one. */
function Opened({ entry, params }: { entry: PageEntry } & PageProps) {
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
      <Page title={entry.tab?.label ?? "This page"}>
        <Trouble problem={problem.value} retry={isOutage(problem.value) ? open : () => location.reload()} />
      </Page>
    );
  const View = view.value;
  return (
    View && (
      <>
        <LeftOut of={unreadOf(place.value, entry.reads)} />
        <Boundary>
          <View params={params} />
        </Boundary>
      </>
    )
  );
}

function LeftOut({ of: unread }: { of: readonly string[] }) {
  if (unread.length === 0) return null;
  return (
    <p class="small soft wraps">
      Of the address, this page does not read <code>{unread.join(" ")}</code>; it is left out.
    </p>
  );
}

/** A page that fails takes nothing else with it. */
class Boundary extends Component<{ children: ComponentChildren }, { problem: ApiProblem | null }> {
  override state = { problem: null };

  static override getDerivedStateFromError(thrown: unknown) {
    return { problem: asProblem(thrown) };
  }

  override render() {
    const { problem } = this.state;
    return problem === null ? (
      this.props.children
    ) : (
      <Trouble problem={problem} retry={() => this.setState({ problem: null })} />
    );
  }
}
