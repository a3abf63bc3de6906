import type { ApiProblem } from "../api/problem.ts";
import { capital } from "../words/numbers.ts";
import { Icon } from "./icon.tsx";
import { Words } from "./words.tsx";

/** One clear sentence for an answer that was none, with what helps. */
export function Trouble({ problem, retry }: { problem: ApiProblem; retry?: () => void }) {
  const { message, hint, code, problems } = problem;
  return (
    <div class="trouble" role="alert">
      <p>
        <b>{capital(message)}</b> <code>{code}</code>
      </p>
      {problems.length > 0 && (
        <ul>
          {problems.map(({ path, reason, hint: help }) => (
            <li key={path + reason}>
              <code>{path}</code> {reason}
              {help === null ? "" : `: ${help}`}
            </li>
          ))}
        </ul>
      )}
      <p class="soft">
        <Words text={capital(hint)} />
      </p>
      {retry && (
        <button type="button" class="btn" onClick={retry}>
          <Icon name="again" /> Try again
        </button>
      )}
    </div>
  );
}
