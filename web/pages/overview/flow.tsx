import type { ComponentChildren } from "preact";
import { Bar } from "../../parts/bar.tsx";
import { Icon } from "../../parts/icon.tsx";
import { addressOf } from "../../shell/router.ts";
import { count } from "../../words/numbers.ts";
import type { Totals } from "./totals.ts";

/** Where memories are: source, ledger, LightRAG. Sending and proof are two arrows. */
export function Flow({ totals }: { totals: Totals }) {
  const { connectors, listed, known, proved, perMinute } = totals;
  const pace = perMinute === null ? "at rest" : `${count(perMinute)} / min`;
  return (
    <section class="panel flow" aria-label="From the sources to LightRAG">
      <div class="station">
        <h2>Sources</h2>
        <p class="big">
          {count(connectors)} <span>{connectors === 1 ? "connector reads" : "connectors read"}</span>
        </p>
        <p class="soft">
          {listed === connectors ? "Listed to the end." : `${count(listed)} listed to the end so far.`}
        </p>
      </div>
      <div class="link">
        <Lane label="read">
          <path class="s-accent" d="M2 8h113M109 3l6 5-6 5" fill="none" stroke-width="1.600" />
        </Lane>
      </div>
      <div class="station">
        <h2>Ledger</h2>
        <p class="big">
          <a href="#/memories">
            {count(known)} <span>memories known</span>
          </a>
        </p>
        <Ledger totals={totals} />
      </div>
      <div class="link">
        <Lane label="sent" value={pace}>
          <path class="s-accent" d="M2 8h113M109 3l6 5-6 5" fill="none" stroke-width="1.600" />
        </Lane>
        <Lane label="proved processed">
          <path class="s-ok" d="M118 8H5M11 3 5 8l6 5" fill="none" stroke-width="1.600" />
        </Lane>
      </div>
      <div class="station">
        <h2>LightRAG</h2>
        <p class="big">
          <a href={addressOf(["memories"], { status: "processed" })}>
            {count(proved)} <span>documents proved</span>
          </a>
        </p>
      </div>
    </section>
  );
}

function Lane({ label, value, children }: { label: string; value?: string; children: ComponentChildren }) {
  return (
    <div class="lane">
      {value && <b>{value}</b>}
      <svg viewBox="0 0 120 16" aria-hidden="true">
        {children}
      </svg>
      {label}
    </div>
  );
}

function Ledger({ totals: { known, proved, inFlight, waiting, failed, dead, skipped } }: { totals: Totals }) {
  const ofStatus = (status: string) => addressOf(["memories"], { status });
  const shares = [
    { tone: "ok", icon: "ok", value: proved, word: "proved", href: ofStatus("processed") },
    { tone: "wait", icon: "wait", value: waiting, word: "waiting", href: ofStatus("pending") },
    { tone: "fail", icon: "again", value: failed, word: "tried again", href: ofStatus("failed") },
    { tone: "move", icon: "move", value: inFlight, word: "in flight", href: ofStatus("submitted") },
    { tone: "dead", icon: "dead", value: dead, word: "dead", href: "#/errors" },
    { tone: "rest", icon: "rest", value: skipped, word: "skipped", href: ofStatus("skipped") },
  ] as const;
  const label = shares.map(({ value, word }) => `${count(value)} ${word}`).join(", ");
  return (
    <>
      <Bar shares={shares} total={known} label={label} />
      <ul class="legend">
        {shares.map(({ tone, icon, value, word, href }) => (
          <li key={word}>
            <Icon name={icon} class={tone} />
            <span>{word}</span>
            {value === 0 ? (
              <b class="z">0</b>
            ) : (
              <a href={href} aria-label={`${count(value)} ${word}`}>
                <b>{count(value)}</b>
              </a>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
