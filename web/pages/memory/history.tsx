import type { memoryHistory } from "../../../src/operations/memories/memory-history.ts";
import type { Answer } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { useAnswer } from "../../api/use-answer.ts";
import type { MemoryKey } from "../../memories/memory-row.tsx";
import { stepWords } from "../../memories/step-words.ts";
import { Icon } from "../../parts/icon.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { addressOf } from "../../shell/router.ts";
import { reasonText } from "../../words/reasons.ts";
import { sentence } from "../../words/text.ts";
import { exactly } from "../../words/time.ts";

type Told = Answer<typeof memoryHistory>;
type Step = Told["steps"][number];

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
            <Icon name={stepWords[step.step].icon} />
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
      {stepWords[step].says}
      {of === "document" && <span class="muted small"> (the document that it shares)</span>}
      <br />
      <span class="small soft">
        {code && (
          <>
            <a href={addressOf(["errors"], { code })}>{code}</a>{" "}
          </>
        )}
        {reason && `${sentence(reasonText(reason))} `}
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
