import { may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { withoutRefused } from "../../api/problem.ts";
import { useAnswer } from "../../api/use-answer.ts";
import { ReplayPlan } from "../../memories/replay-plan.tsx";
import { Empty } from "../../parts/empty.tsx";
import { Icon } from "../../parts/icon.tsx";
import { AlsoLeftOut } from "../../parts/left-out.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { Page } from "../../parts/page.tsx";
import { StateTag } from "../../parts/state.tsx";
import { Words } from "../../parts/words.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf } from "../../shell/router.ts";
import { now } from "../../words/now.ts";
import { count, counted, inWords } from "../../words/numbers.ts";
import { fromNow } from "../../words/time.ts";
import type { ErrorGroup, FailingConnector } from "./error-group.ts";
import { OpenGroup } from "./open-group.tsx";

export interface ErrorFilter {
  connector?: string | undefined;
  code?: string | undefined;
  /** The code of the group that is open. */
  open?: string | undefined;
}

type Errors = Awaited<ReturnType<typeof api.listErrors>>;

/** What is wrong with memories now, over all connectors, by its cause. */
export default function ErrorsPage({ query }: PageProps) {
  const [connector, asked, open] = ["connector", "code", "open"].map((key) => query.get(key) || undefined);
  const ofConnector = connector !== undefined && { connectorId: connector };
  const answer = useAnswer(
    async (signal) => {
      const { found, refused } = await withoutRefused<{ code?: string }, Errors>(
        asked === undefined ? {} : { code: asked },
        ({ code }) =>
          api.listErrors({ ...ofConnector, ...(code !== undefined && { codes: [code] }) }, { signal }),
        () => ({}),
      );
      return { ...found, refused };
    },
    [connector, asked],
    ({ type }) => type === "item:dead" || type === "item:failed" || type === "run:end",
  );
  const refused = answer.value.value?.refused ?? [];
  const filter: ErrorFilter = { connector, code: refused.length === 0 ? asked : undefined, open };
  const groups = answer.value.value?.errors;
  const failing = answer.value.value?.failing ?? [];
  const isOpenThere = !open || !groups || groups.some((group) => group.code === open);
  return (
    <Page title={titleOf(groups, failing)} short="Errors" lede={groups && ledeOf(groups)}>
      <Chips filter={filter} />
      <AlsoLeftOut
        of={[
          ...refused.map(({ why }) => ({ part: `code=${asked}`, why })),
          ...(isOpenThere ? [] : [{ part: `open=${open}`, why: "no cause of what is wrong now" }]),
        ]}
      />
      {may(api.changeDeadLetters) && groups !== undefined && (
        <ReplayShown groups={groups} filter={filter} reload={answer.reload} />
      )}
      {failing.length > 0 && <Failing failing={failing} />}
      <Loaded from={answer}>
        {({ errors }) =>
          errors.length === 0 ? (
            <Empty title="Nothing is wrong with any memory">
              <p class="soft">What fails from now on appears here by itself.</p>
            </Empty>
          ) : (
            <section class="panel" aria-label="Causes">
              {errors.map((group) => (
                <Group key={group.code} group={group} filter={filter} reload={() => void answer.reload()} />
              ))}
            </section>
          )
        }
      </Loaded>
    </Page>
  );
}

/** All of what the page shows at once, where that is more than one cause. */
function ReplayShown({
  groups,
  filter: { connector },
  reload,
}: {
  groups: readonly ErrorGroup[];
  filter: ErrorFilter;
  reload: () => Promise<void>;
}) {
  const codes = groups.filter(({ deadLetters }) => deadLetters > 0).map(({ code }) => code);
  if (codes.length < 2) return null;
  return (
    <section class="panel pad stack" aria-label="All causes that are shown">
      <h2>All {codes.length} causes at once</h2>
      <ReplayPlan
        name={`with ${codes.length} codes`}
        find={async () => [{ codes, ...(connector !== undefined && { connectorId: connector }) }]}
        reload={() => void reload()}
      />
    </section>
  );
}

/** Connectors that bring nothing at all, each with why. */
function Failing({ failing }: { failing: readonly FailingConnector[] }) {
  return (
    <section class="panel pad stack" aria-label="Connectors whose runs fail">
      <h2>{counted(failing.length, "connector fails", "connectors fail")} as a whole</h2>
      {failing.map(({ connectorId, failedRuns, code, message, hint }) => (
        <div class="stack" key={connectorId}>
          <p>
            <a href={addressOf(["connectors", connectorId])}>{connectorId}</a>: {counted(failedRuns, "run")}{" "}
            failed in a row. {code}: <Words text={message} />
          </p>
          <p class="small soft">
            <Words text={hint} />
          </p>
        </div>
      ))}
    </section>
  );
}

function titleOf(groups: readonly ErrorGroup[] | undefined, failing: readonly FailingConnector[]): string {
  if (groups === undefined) return "Errors";
  const dead = sumOf(groups, "deadLetters");
  const tried = sumOf(groups, "failures") + sumOf(groups, "media");
  if (dead > 0) return `${counted(dead, "memory waits", "memories wait")} for a person.`;
  if (tried > 0) return `${counted(tried, "memory is", "memories are")} tried again by itself.`;
  return failing.length > 0
    ? `The runs of ${counted(failing.length, "connector")} fail.`
    : "Nothing is wrong.";
}

function ledeOf(groups: readonly ErrorGroup[]): string {
  if (groups.length === 0) return "Every memory that was found is settled or on its way.";
  const causes =
    groups.length === 1
      ? "It has one cause."
      : `There are ${inWords(groups.length)} causes, the most frequent first.`;
  const failing = sumOf(groups, "failures");
  return failing === 0
    ? causes
    : `${causes} ${counted(failing, "memory is", "memories are")} tried again without anybody.`;
}

function sumOf(groups: readonly ErrorGroup[], key: "deadLetters" | "failures" | "media"): number {
  return groups.reduce((sum, group) => sum + group[key], 0);
}

function Chips({ filter: { connector, code } }: { filter: ErrorFilter }) {
  if (connector === undefined && code === undefined) return null;
  return (
    <nav class="chips" aria-label="The list is kept to">
      {connector !== undefined && (
        <a
          class="chip on"
          href={addressOf(["errors"], { code })}
          aria-label={`Connector ${connector}: remove`}
        >
          Connector: {connector} <Icon name="close" />
        </a>
      )}
      {code !== undefined && (
        <a class="chip on" href={addressOf(["errors"], { connector })} aria-label={`Error ${code}: remove`}>
          Error: {code} <Icon name="close" />
        </a>
      )}
    </nav>
  );
}

function Group({ group, filter, reload }: { group: ErrorGroup; filter: ErrorFilter; reload: () => void }) {
  const { code, count: all, deadLetters, meaning, remedy, connectors, lastAt } = group;
  const isOpen = filter.open === code;
  const { connector } = filter;
  const toggled = addressOf(["errors"], { connector, code: filter.code, open: isOpen ? "" : code });
  const needsPerson = deadLetters > 0;
  return (
    <>
      <div class="grp">
        <p class={`n ${needsPerson ? "dead" : "wait"}`}>{count(all)}</p>
        <div>
          <h2>{meaning}</h2>
          <code>{code}</code>
          <p class="do">
            <b>What to do:</b> <Words text={remedy} />
          </p>
          <p class="chips small soft">
            <StateTag
              state={
                needsPerson
                  ? {
                      tone: "dead",
                      word: `${count(deadLetters)} ${deadLetters === 1 ? "waits" : "wait"} for a person`,
                      icon: "dead",
                    }
                  : { tone: "wait", word: "Goes on by itself", icon: "wait" }
              }
            />
            {connectors.map((id) => (
              <a key={id} href={addressOf(["errors"], { connector: id, code })}>
                {id}
              </a>
            ))}
            <span>last {fromNow(lastAt, now.value)}</span>
          </p>
        </div>
        <div class="acts side">
          <a
            class="btn"
            href={toggled}
            aria-label={isOpen ? `Hide ${code}` : `Show ${count(all)} with ${code}`}
          >
            {isOpen ? "Hide" : `Show ${count(all)}`}
          </a>
        </div>
      </div>
      {isOpen && <OpenGroup group={group} connector={connector} reload={reload} />}
    </>
  );
}
