import type { Run } from "../../connectors/connector.ts";
import { Words } from "../../parts/words.tsx";
import { addressOf } from "../../shell/router.ts";
import { count } from "../../words/numbers.ts";
import { capital, saysSame } from "../../words/text.ts";

/** What went wrong, by its code: what it means, what helps, and which memories it is about. */
export function ErrorsOfRun({ run: { errors, connectorId } }: { run: Run }) {
  if (errors.length === 0) return null;
  return (
    <section class="panel" aria-label="Errors">
      {errors.map(({ code, count: times, meaning, message, hint, examples }) => (
        <div key={code} class="grp">
          <p class="n">{count(times)}</p>
          <div>
            <h2>{meaning}</h2>
            <code>{code}</code>
            {!saysSame(message, meaning) && (
              <p class="do">
                <Words text={capital(message)} />
              </p>
            )}
            <p class="do">
              <b>What to do:</b> <Words text={hint} />
            </p>
            {examples.length > 0 && (
              <p class="chips">
                {examples.map((memoryId) => (
                  <a
                    key={memoryId}
                    class="chip"
                    href={addressOf(["memories"], { connector: connectorId, id: memoryId })}
                  >
                    {memoryId}
                  </a>
                ))}
              </p>
            )}
          </div>
          <p class="side">
            <a href={addressOf(["errors"], { connector: connectorId, code })}>All of this kind now</a>
          </p>
        </div>
      ))}
    </section>
  );
}
