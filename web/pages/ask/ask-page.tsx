import { type ReadonlySignal, useSignal } from "@preact/signals";
import { api } from "../../api/endpoints.ts";
import { type Refused, withoutRefused } from "../../api/problem.ts";
import { useAnswerOnce } from "../../api/use-answer.ts";
import { ConnectorChoice } from "../../connectors/connector-choice.tsx";
import { zoneText } from "../../memories/zones.tsx";
import { AlsoLeftOut } from "../../parts/left-out.tsx";
import { Loaded } from "../../parts/loaded.tsx";
import { orderDays } from "../../parts/ordered-days.ts";
import { Page } from "../../parts/page.tsx";
import { Words } from "../../parts/words.tsx";
import type { PageProps } from "../../shell/page-props.ts";
import { addressOf, go } from "../../shell/router.ts";
import { Found } from "./found.tsx";
import { filters, modes, type Question, questionOf, withoutPart } from "./question.ts";

/** A question, with what it is limited to, and the memories that the answer rests on. */
export default function AskPage({ query }: PageProps) {
  const question = questionOf(query);
  const key = query.toString();
  return (
    <Page
      title={question?.question ?? "Ask the memories."}
      short="Ask"
      lede="The answer is written by a language model, where one is set; its sources are what was said."
    >
      <Asked key={key} query={query} question={question} />
    </Page>
  );
}

/** A question in its form, where what the service can make nothing of is said at its field, and the answer to the rest. */
function Asked({ query, question }: { query: URLSearchParams; question: Question | null }) {
  const refused = useSignal<readonly Refused[]>([]);
  return (
    <>
      <AlsoLeftOut of={refused.value.map(({ key, why }) => ({ part: `${key}=${query.get(key)}`, why }))} />
      <QuestionForm query={query} refused={refused} />
      {question && (
        <Answered
          question={question}
          leaveOut={(parts) => {
            refused.value = parts;
          }}
        />
      )}
    </>
  );
}

interface QuestionFormProps {
  query: URLSearchParams;
  refused: ReadonlySignal<readonly Refused[]>;
}

function QuestionForm({ query, refused }: QuestionFormProps) {
  const faultOf = (name: string) => refused.value.find(({ key }) => key === name)?.why;
  const isFiltered = filters.some(({ name }) => query.has(name));
  return (
    <form class="panel pad form" onSubmit={ask} onInput={orderDays} aria-label="Question">
      <div class="row">
        <label for="ask-q">Question</label>
        <input
          id="ask-q"
          class="field"
          name="q"
          required
          maxLength={10_000}
          defaultValue={query.get("q") ?? ""}
        />
      </div>
      <div class="fields">
        <div class="row">
          <label for="ask-mode">Mode</label>
          <select id="ask-mode" class="input" name="mode">
            {modes.map(([mode, label]) => (
              <option key={mode} value={mode} selected={mode === (query.get("mode") ?? "mix")}>
                {label}
              </option>
            ))}
          </select>
        </div>
        <ConnectorChoice
          chosen={query.get("connector")}
          none="the one of the configuration"
          label="Graph of"
        />
      </div>
      <details open={isFiltered}>
        <summary>Only from some memories</summary>
        <p class="small soft">{zoneText(query.get("connector"))}</p>
        <div class="fields">
          {filters.map(({ name, label, type }) => (
            <div class="row" key={name}>
              <label for={`ask-${name}`}>{label}</label>
              <input
                id={`ask-${name}`}
                class="input"
                name={name}
                aria-invalid={faultOf(name) !== undefined}
                aria-describedby={`ask-${name}-fault`}
                {...kinds[type]}
                defaultValue={query.get(name) ?? ""}
              />
              <p class="wrong" id={`ask-${name}-fault`}>
                <Words text={faultOf(name) ?? ""} />
              </p>
            </div>
          ))}
        </div>
      </details>
      <div class="acts">
        <button type="submit" class="btn main">
          Ask
        </button>
      </div>
    </form>
  );
}

/** Each kind of field is a type of its own. */
const kinds = { date: { type: "date" }, text: { type: "text" } } as const;

function ask(event: SubmitEvent): void {
  event.preventDefault();
  const said = new FormData(event.currentTarget as HTMLFormElement);
  const fields = Array.from(said, ([name, value]) => [name, String(value).trim()] as const);
  go(addressOf(["ask"], Object.fromEntries(fields)));
}

interface AnsweredProps {
  question: Question;
  leaveOut: (refused: readonly Refused[]) => void;
}

function Answered({ question, leaveOut }: AnsweredProps) {
  const found = useAnswerOnce(async (signal) => {
    const ask = (known: Question) => api.queryKnowledge(known, { signal });
    const { found, refused } = await withoutRefused(question, ask, withoutPart);
    leaveOut(refused);
    return found;
  }, []);
  return (
    <section class="stack" aria-label="Answer" aria-live="polite">
      <Loaded from={found}>
        {(result) => <Found result={result} connectorId={question.connectorId ?? null} />}
      </Loaded>
    </section>
  );
}
