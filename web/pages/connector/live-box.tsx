import type { ComponentChildren } from "preact";
import type { ActiveRun, Run } from "../../connectors/connector.ts";
import { Phases } from "../../connectors/phases.tsx";
import { Bar } from "../../parts/bar.tsx";
import { Facts } from "../../parts/facts.tsx";
import { Words } from "../../parts/words.tsx";
import { addressOf } from "../../shell/router.ts";
import { now } from "../../words/now.ts";
import { count } from "../../words/numbers.ts";
import { duration, exactly, roughly, timeOfDay } from "../../words/time.ts";

interface LiveBoxProps {
  /** Its id. */
  connector: string;
  run: ActiveRun;
  inFlight: number;
  runs: readonly Run[];
  /** Dead letters of the connector. */
  dead: number;
}

/** The run under way: how far, how fast, how long still. */
export function LiveBox({ connector, run, inFlight, runs, dead }: LiveBoxProps) {
  const record = runs.find(({ runId }) => runId === run.runId);
  return (
    <section class="panel livebox" aria-label="Run under way">
      <div class="pad stack">
        <div class="head">
          <p class="big">{settledText(run, inFlight)}</p>
          <p class="soft">
            run <a href={addressOf(["runs", run.runId])}>{run.runId}</a>
            {run.startedAt && `, since ${timeOfDay(run.startedAt)}`}
          </p>
        </div>
        <Progress run={run} inFlight={inFlight} />
        <Facts facts={factsOf(run, dead, connector)} />
      </div>
      <Phases phasesMs={record?.phasesMs ?? null} now={run.phase ?? "connect"} />
    </section>
  );
}

function settledText({ done, left, startedAt, phase }: ActiveRun, inFlight: number) {
  if (startedAt === null) return <>Queued</>;
  if (done === null || left === null) return <>{phase === "discover" ? "Reads the source" : "Begins"}</>;
  return (
    <>
      {count(done)} of {count(done + left)}{" "}
      <span>
        settled, {count(Math.min(inFlight, left))} on their way, {count(Math.max(0, left - inFlight))} to go
      </span>
    </>
  );
}

function Progress({ run: { done, left }, inFlight }: { run: ActiveRun; inFlight: number }) {
  if (done === null || left === null) return null;
  const shares = [
    { tone: "ok" as const, value: done },
    { tone: "move" as const, value: Math.min(inFlight, left) },
  ];
  return (
    <Bar
      shares={shares}
      total={done + left}
      label={`${count(done)} of ${count(done + left)} settled, ${count(inFlight)} in flight`}
      isProgress
    />
  );
}

function factsOf(run: ActiveRun, dead: number, connector: string): (readonly [string, ComponentChildren])[] {
  const { secondsLeft, documentsPerMinute: pace, waits, startedAt, process } = run;
  return [
    ["Time left", secondsLeft === null ? (waits ? "waits" : "not known yet") : roughly(secondsLeft * 1000)],
    ["Done near", secondsLeft === null ? "—" : timeOfDay(now.value + secondsLeft * 1000)],
    ["Pace", pace === null ? "not known yet" : `${pace} per min`],
    ["At work for", startedAt === null ? "not yet" : duration(now.value - Date.parse(startedAt))],
    ["Dead letters", dead === 0 ? "0" : <a href={addressOf(["errors"], { connector })}>{count(dead)}</a>],
    ...(waits
      ? [["Waits until", <Words key="" text={`${exactly(waits.until)}: ${waits.reason}`} />] as const]
      : []),
    ...(process ? [["By", process] as [string, string]] : []),
  ];
}
