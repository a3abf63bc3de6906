import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { Run } from "../../connectors/connector.ts";
import { Phases } from "../../connectors/phases.tsx";
import { runState, runText, triggerText } from "../../connectors/run-state.ts";
import { Bar } from "../../parts/bar.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Page } from "../../parts/page.tsx";
import { StateTag } from "../../parts/state.tsx";
import { Trouble } from "../../parts/trouble.tsx";
import { Words } from "../../parts/words.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf } from "../../shell/router.ts";
import { now } from "../../words/now.ts";
import { count } from "../../words/numbers.ts";
import { capital, sentence } from "../../words/text.ts";
import { duration, exactly, moment } from "../../words/time.ts";
import { ErrorsOfRun } from "./errors-of-run.tsx";
import { addressOfCount, countLabels, phaseShares } from "./run-figures.ts";

/** One run: its phases, what it did to how many memories, and what went wrong. */
export default function RunPage({ params: { runId = "" } }: PageProps) {
  const answer = useAnswer(
    (signal) => api.getRun({ runId }, { signal }),
    [runId],
    ({ data, type }) => type.startsWith("run:") && isOfRun(data, runId),
  );
  const run = answer.value.value;
  if (run === null)
    return (
      <Page title={`Run ${runId}`}>
        {answer.problem.value ? (
          <Trouble problem={answer.problem.value} retry={() => void answer.reload()} />
        ) : (
          <p class="waiting">Asking the service…</p>
        )}
      </Page>
    );
  const { connectorId } = run;
  return (
    <Page
      title={`${connectorId}, ${moment(run.startedAt, now.value)}: ${runText(run)}.`}
      short={`Run of ${connectorId}`}
      above={
        <nav class="crumb" aria-label="Where this is">
          <a href="#/">Overview</a>
          <span aria-hidden="true">/</span>
          <a href={addressOf(["connectors", connectorId])}>{connectorId}</a>
          <span aria-hidden="true">/</span>
          <span>run {runId}</span>
        </nav>
      }
      lede={
        <>
          <StateTag state={runState(run)} /> {capital(triggerText(run))}.
          {run.truncated !== null && (
            <Words text={` The source’s list was not complete: ${run.truncated}.`} />
          )}
        </>
      }
    >
      {answer.problem.value && <Trouble problem={answer.problem.value} retry={answer.reload} />}
      <Times run={run} />
      <ErrorsOfRun run={run} />
      <Counts run={run} />
      <NotDelivered run={run} />
    </Page>
  );
}

function isOfRun(data: unknown, runId: string): boolean {
  return typeof data === "object" && data !== null && "runId" in data && data.runId === runId;
}

function Times({ run }: { run: Run }) {
  const { startedAt, endedAt, phasesMs, progress } = run;
  const until = endedAt === null ? now.value : Date.parse(endedAt);
  const shares = phaseShares(phasesMs);
  const total = shares.reduce((sum, { value }) => sum + value, 0);
  return (
    <section class="panel">
      <div class="pad stack">
        <Facts
          facts={[
            ["Began", exactly(startedAt)],
            ["Ended", endedAt === null ? "not yet" : exactly(endedAt)],
            ["Took", duration(until - Date.parse(startedAt))],
            ...(progress?.documentsPerMinute
              ? [["Pace", `${progress.documentsPerMinute} per min`] as const]
              : []),
          ]}
        />
        <Bar shares={shares} total={total} label={shares.map(({ text }) => text).join(", ")} />
      </div>
      <Phases phasesMs={phasesMs} now={progress?.phase ?? null} />
    </section>
  );
}

/** Zeros are left out: what a run did not do needs no line. */
function Counts({ run }: { run: Run }) {
  const { counts, connectorId } = run;
  const shown = countLabels.filter(([name]) => counts[name] > 0);
  return (
    <section class="panel pad stack">
      <h2>Memories, by what happened to them</h2>
      {shown.length === 0 ? (
        <p class="soft">None was touched.</p>
      ) : (
        <Facts
          facts={shown.map(([name, label]) => [label, <Figure key={name} name={name} run={run} />] as const)}
        />
      )}
      <p>
        <a href={addressOf(["memories"], { connector: connectorId })}>All memories of {connectorId}</a>
      </p>
    </section>
  );
}

function Figure({ name, run: { counts, connectorId } }: { name: keyof Run["counts"]; run: Run }) {
  const href = addressOfCount(name, connectorId);
  const text = count(counts[name]);
  return href === null ? <span>{text}</span> : <a href={href}>{text}</a>;
}

function NotDelivered({ run: { notDelivered, connectorId } }: { run: Run }) {
  if (notDelivered.length === 0) return null;
  return (
    <section class="panel pad stack">
      <h2>Named, and not delivered</h2>
      <ul class="way">
        {notDelivered.map(({ memoryId, contextId, message, hint }) => (
          <li key={memoryId}>
            <a
              href={
                contextId === null
                  ? addressOf(["memories"], { connector: connectorId, id: memoryId })
                  : addressOf(["memories", connectorId, contextId, memoryId])
              }
            >
              {memoryId}
            </a>
            <span class="soft">
              <Words text={`${sentence(message)} ${sentence(hint)}`} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
