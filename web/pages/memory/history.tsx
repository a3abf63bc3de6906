import type { memoryHistory } from "../../../src/operations/memories/memory-history.ts";
import type { Answer } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { MemoryKey } from "../../memories/memory-row.tsx";
import { Icon } from "../../parts/icon.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { addressOf } from "../../shell/router.ts";
import { exactly } from "../../words/time.ts";

type Told = Answer<typeof memoryHistory>;
type Step = Told["steps"][number];

const words = {
  seen: { says: "Seen at its source", icon: "never" },
  changed: { says: "Changed at its source", icon: "move" },
  listed_again: { says: "Sent once more, unchanged", icon: "move" },
  skipped: { says: "Left out", icon: "rest" },
  malformed: { says: "Cannot be read", icon: "dead" },
  submitted: { says: "Taken by LightRAG", icon: "move" },
  processed: { says: "Proved: LightRAG’s record holds it", icon: "ok" },
  adopted: { says: "Found in LightRAG, as it should be", icon: "move" },
  failed: { says: "Failed", icon: "wait" },
  dead: { says: "Given up, until a person decides", icon: "dead" },
  requeued: { says: "Put back: LightRAG does not have it", icon: "move" },
  contradicted: { says: "LightRAG holds something else", icon: "wait" },
  replacing: { says: "An old document has to go first", icon: "move" },
  removed: { says: "The old document is gone", icon: "move" },
  replayed: { says: "Tried again, as a person wanted", icon: "move" },
  dropped: { says: "Dropped by a person", icon: "rest" },
  withdrawn: { says: "No longer at its source", icon: "rest" },
  kept: { says: "No longer at its source; its document stays", icon: "rest" },
  erased: { says: "Erased by a person", icon: "rest" },
} as const satisfies Record<Step["step"], object>;

/** Every step that led the memory to where it stands, oldest first. */
export function History({ stand, ...key }: MemoryKey & { stand: string }) {
  const answer = useAnswer((signal) => api.memoryHistory(key, { signal }), [stand]);
  return (
    <section class="panel pad stack" aria-label="How it came here">
      <h2>How it came here</h2>
      <Loaded from={answer}>{(told) => <Steps told={told} />}</Loaded>
    </section>
  );
}

function Steps({ told: { steps, complete, firstSeenAt, evidence } }: { told: Told }) {
  return (
    <>
      {!complete && (
        <p class="soft">
          First seen <time dateTime={firstSeenAt}>{exactly(firstSeenAt)}</time>. Some of its steps are not
          known.
        </p>
      )}
      <ol class="steps">
        {steps.map((step, index) => (
          <li key={`${step.at} ${index}`} class="ent">
            <Icon name={words[step.step].icon} />
            <OneStep step={step} />
          </li>
        ))}
      </ol>
      {evidence !== null && (
        <p class="soft small">
          The proof: LightRAG’s record of <code>{evidence.documentId}</code> was compared with the text of the
          fingerprint <code>{evidence.contentHash?.slice(0, 12)}</code>, and they agreed.
        </p>
      )}
    </>
  );
}

function OneStep({ step: { at, step, of, code, reason, runId } }: { step: Step }) {
  return (
    <span>
      {words[step].says}
      {of === "document" && <span class="muted small"> (the document that it shares)</span>}
      <br />
      <span class="small soft">
        {code && (
          <>
            <a href={addressOf(["errors"], { code })}>{code}</a>{" "}
          </>
        )}
        {reason && `${reason} `}
        <time dateTime={at}>{exactly(at)}</time>
        {runId && (
          <>
            , <a href={addressOf(["runs", runId])}>its run</a>
          </>
        )}
      </span>
    </span>
  );
}
