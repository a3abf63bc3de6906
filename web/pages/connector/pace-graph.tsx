import { addressOf } from "../../shell/router.ts";
import { count } from "../../words/numbers.ts";
import { duration, exactly } from "../../words/time.ts";
import type { Pace } from "./pace.ts";

const width = 600;
const height = 64;
const gap = 4;

/** How fast the last runs were and how long they took: a bar each, and the same as a table. */
export function PaceGraph({ paces }: { paces: readonly Pace[] }) {
  if (paces.length === 0) return null;
  const fastest = Math.max(...paces.map(({ perMinute }) => perMinute ?? 0));
  const longest = Math.max(...paces.map(({ durationMs }) => durationMs));
  return (
    <section class="panel pad stack" aria-label="Pace of the last runs">
      <div class="head">
        <h2>Pace of the last {paces.length === 1 ? "run" : `${paces.length} runs`}</h2>
      </div>
      <Bars
        paces={paces}
        of={({ perMinute }) => perMinute ?? 0}
        label="Memories proved a minute"
        most={fastest === 0 ? "none yet" : `${rate(fastest)} at most`}
      />
      <Bars
        paces={paces}
        of={({ durationMs }) => durationMs}
        label="How long they took"
        most={`${duration(longest)} at most`}
      />
      <details>
        <summary>The same as a table</summary>
        <table class="items">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col" class="num">
                Proved
              </th>
              <th scope="col" class="num">
                A minute
              </th>
              <th scope="col" class="num">
                Took
              </th>
            </tr>
          </thead>
          <tbody>
            {paces.toReversed().map((pace) => (
              <tr key={pace.runId}>
                <td>
                  <a href={addressOf(["runs", pace.runId])}>{exactly(pace.startedAt)}</a>
                  {pace.isRunning && " (under way)"}
                </td>
                <td class="num">{count(pace.proved)}</td>
                <td class="num">{pace.perMinute === null ? "—" : rate(pace.perMinute)}</td>
                <td class="num">{duration(pace.durationMs)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}

interface BarsProps {
  paces: readonly Pace[];
  of: (pace: Pace) => number;
  label: string;
  /** The height of the tallest bar, in words. */
  most: string;
}

function Bars({ paces, of, label, most }: BarsProps) {
  const step = width / Math.max(paces.length, 10);
  const tallest = Math.max(...paces.map(of), Number.MIN_VALUE);
  return (
    <figure class="pace">
      <figcaption>
        {label} <span class="soft">{most}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${label}, oldest run first: ${most}`}
      >
        {paces.map((pace, index) => {
          const tall = Math.max(1, (of(pace) / tallest) * height);
          return (
            <rect
              key={pace.runId}
              class={pace.isRunning ? "f-move" : "f-ok"}
              x={index * step}
              y={height - tall}
              width={step - gap}
              height={tall}
            >
              <title>{`${exactly(pace.startedAt)}: ${count(pace.proved)} proved, ${pace.perMinute === null ? "no pace" : `${rate(pace.perMinute)} a minute`}, ${duration(pace.durationMs)}`}</title>
            </rect>
          );
        })}
      </svg>
    </figure>
  );
}

/** `11.2`, `1,240` */
const rate = (perMinute: number): string =>
  perMinute < 100 ? String(Math.round(perMinute * 10) / 10) : count(Math.round(perMinute));
