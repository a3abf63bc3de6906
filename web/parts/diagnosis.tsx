import { capital } from "../words/text.ts";
import { type State, StateTag } from "./state.tsx";
import { Words } from "./words.tsx";

interface Found {
  state: State;
  /** What was looked at. */
  subject: string;
  message: string;
  code: string | null;
  /** What helps; null where nothing has to be done. */
  help: string | null;
}

/** What was found at one thing that was looked at, and what helps: an entry of a list. */
export function DiagnosisEntry({ state, subject, message, code, help }: Found) {
  return (
    <li class="diagnosis">
      <StateTag state={state} />
      <div>
        <h2>{capital(subject)}</h2>
        <p class="wraps">
          <Words text={message} /> {code && <code>{code}</code>}
        </p>
        {help && (
          <p class="soft">
            <b>What to do:</b> <Words text={help} />
          </p>
        )}
      </div>
    </li>
  );
}
