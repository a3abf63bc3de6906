import type { RunPlan } from "../../connectors/connector.ts";
import { Words } from "../../parts/words.tsx";
import { counted } from "../../words/numbers.ts";
import { capital } from "../../words/text.ts";

/** What a run would not bring, or not whole, and what is wrong with it: to be mended at the source before the run. */
export function PlanProblems({ plan: { malformed, problems } }: { plan: RunPlan }) {
  if (problems.length === 0) return null;
  const broken =
    malformed === 0
      ? "Something of them cannot be read"
      : `${counted(malformed, "item is broken and would become a dead letter", "items are broken and would become dead letters")}`;
  return (
    <section class="trouble" aria-label="What is wrong at the source">
      <p>
        <b>{broken}</b>
      </p>
      <ul>
        {problems.map((problem, index) => (
          <li key={`${index} ${problem}`} class="wraps">
            <Words text={capital(problem)} />
          </li>
        ))}
      </ul>
      <p class="soft">These are the first ones. Mend them at the source, and look again.</p>
    </section>
  );
}
