import { ledgerState } from "../../memories/ledger-state.ts";
import type { Memory } from "../../memories/memory-row.tsx";
import { Facts } from "../../parts/facts.tsx";
import { StateTag } from "../../parts/state.tsx";
import { Words } from "../../parts/words.tsx";
import { addressOf } from "../../shell/router.ts";
import { now } from "../../words/now.ts";
import { count } from "../../words/numbers.ts";
import { reasonText } from "../../words/reasons.ts";
import { capital, sentence } from "../../words/text.ts";
import { exactly, fromNow, moment } from "../../words/time.ts";
import { MemoryActions } from "./memory-actions.tsx";

/** Where the memory stands, why, and what an admin may do about it. */
export function Standing({ memory, reload }: { memory: Memory; reload: () => void }) {
  const { status, error, skipReason, nextAttemptAt, changedAt } = memory;
  return (
    <section class="panel pad stack" aria-label="Where it stands">
      <h2>
        <StateTag state={ledgerState(status)} />
      </h2>
      {status === "processed" && (
        <p class="soft">
          LightRAG’s own record holds exactly this text: proved {moment(changedAt, now.value)}.
        </p>
      )}
      {skipReason && <p class="soft">{sentence(reasonText(skipReason))}</p>}
      {error && (
        <div class="why">
          <p>
            <b>
              <Words text={capital(error.message)} />
            </b>
          </p>
          <p class="soft">
            <b>What to do:</b> <Words text={error.hint} />
          </p>
          <p>
            <a href={addressOf(["errors"], { code: error.code })}>
              All with <code>{error.code}</code>
            </a>
          </p>
        </div>
      )}
      {nextAttemptAt && <p class="soft">It is tried again {fromNow(nextAttemptAt, now.value)}.</p>}
      <MemoryActions memory={memory} reload={reload} />
    </section>
  );
}

/** The memory's row, as far as it is for people. */
export function LedgerEntry({ memory }: { memory: Memory }) {
  const { firstSeenAt, changedAt, attempts, fileSource, documentId, trackId, contentHash } = memory;
  const facts: [string, string][] = [
    ["First seen", exactly(firstSeenAt)],
    ["Stands so since", exactly(changedAt)],
    ["Attempts that failed", count(attempts)],
  ];
  const names = {
    Document: fileSource,
    "Id in LightRAG": documentId,
    Track: trackId,
    Fingerprint: contentHash,
  };
  return (
    <section class="panel pad stack">
      <h2>What the ledger knows</h2>
      <Facts facts={facts} />
      <dl class="kv">
        {Object.entries(names).map(
          ([label, name]) =>
            name !== null && (
              <div key={label} class="kv-row">
                <dt>{label}</dt>
                <dd>
                  <code>{name}</code>
                </dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
