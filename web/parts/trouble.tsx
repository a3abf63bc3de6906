import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { type ApiProblem, isPassing } from "../api/problem.ts";
import { useWhenBack } from "../api/use-answer.ts";
import { capital, saysSame, sentence } from "../words/text.ts";
import { Icon } from "./icon.tsx";
import { Words } from "./words.tsx";

/**
 * One clear sentence for an answer that was none, with what helps. What can be asked for again heals by itself after an outage; of what
 * somebody has done it says that the service is back.
 */
export function Trouble({ problem, retry }: { problem: ApiProblem; retry?: () => unknown }) {
  const { message, hint, code, problems } = problem;
  const isBack = useSignal(false);
  // A single problem often is the message, and its hint that of the whole.
  const told = problems.filter(({ reason }) => problems.length > 1 || !message.includes(reason));
  const isHintTold =
    saysSame(hint, message) || told.some(({ hint: help }) => help !== null && saysSame(help, hint));
  useWhenBack(problem, () => {
    isBack.value = retry === undefined;
  });
  if (isBack.value)
    return (
      <div class="trouble" role="status">
        <p>
          <b>The service answers again.</b>
        </p>
        <p class="soft">See whether it was done before you try once more.</p>
      </div>
    );
  return (
    <div class="trouble" role="alert">
      <p>
        <b>
          <Words text={capital(message)} />
        </b>{" "}
        <code>{code}</code>
      </p>
      {told.length > 0 && (
        <ul>
          {told.map(({ path, reason, hint: help }) => (
            <li key={path + reason}>
              <code>{path}</code> <Words text={help === null ? reason : `${reason}: ${help}`} />
            </li>
          ))}
        </ul>
      )}
      {!isHintTold && (
        <p class="soft">
          <Words text={sentence(hint)} />
        </p>
      )}
      {retry && isPassing(problem) && (
        <button type="button" class="btn" onClick={() => retry()}>
          <Icon name="again" /> Try again
        </button>
      )}
    </div>
  );
}

/**
 * The trouble with a form, beside the button that was pressed: a form may be many windows high, so the focus comes here, and with it the
 * window. Where a field of the form is at fault, the focus is for that field.
 */
export function TroubleAtButton({ problem }: { problem: ApiProblem }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const atFault = place.current?.closest("form")?.querySelector('[aria-invalid="true"]') ?? null;
    if (atFault === null) place.current?.focus();
  }, [problem]);
  return (
    <div ref={place} tabIndex={-1}>
      <Trouble problem={problem} />
    </div>
  );
}
