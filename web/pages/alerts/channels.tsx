import { useSignal } from "@preact/signals";
import type { listAlerts } from "../../../src/operations/alerts/list-alerts.ts";
import { type Answer, may } from "../../api/endpoint.ts";
import { api } from "../../api/endpoints.ts";
import { type ApiProblem, asProblem } from "../../api/problem.ts";
import { BusyButton } from "../../parts/busy-button.tsx";
import { type State, StateWord } from "../../parts/state.tsx";
import { TroubleAtButton } from "../../parts/trouble.tsx";
import { Words } from "../../parts/words.tsx";
import { now } from "../../words/now.ts";
import { counted } from "../../words/numbers.ts";
import { fromNow } from "../../words/time.ts";

type Channel = Answer<typeof listAlerts>["channels"][number];

/** Who is told, and whether they take it. */
export function Channels({ channels }: { channels: readonly Channel[] }) {
  return (
    <section class="panel" aria-label="Channels">
      <div class="pad">
        <h2>Who is told</h2>
        {channels.length === 0 && (
          <p class="soft">
            Nobody: <code>monitoring.alerts.channels</code> names no channel, and there is no webhook.
          </p>
        )}
      </div>
      <ul class="entries">
        {channels.map((channel) => (
          <ChannelEntry key={channel.id} channel={channel} />
        ))}
      </ul>
    </section>
  );
}

function ChannelEntry({ channel }: { channel: Channel }) {
  const { id, type, target, lastError, nextAttemptAt } = channel;
  const isTrying = useSignal(false);
  const answered = useSignal<string | null>(null);
  const problem = useSignal<ApiProblem | null>(null);
  const test = async () => {
    [answered.value, problem.value, isTrying.value] = [null, null, true];
    try {
      answered.value = (await api.testChannel({ channelId: id })).answer;
    } catch (thrown) {
      problem.value = asProblem(thrown);
    }
    isTrying.value = false;
  };
  return (
    <li>
      <div class="head">
        <h3>
          {id}{" "}
          <span class="small soft">
            {type}, {target}
          </span>
        </h3>
        {may(api.testChannel) && (
          <BusyButton isBusy={isTrying.value} onClick={test} aria-label={`Send a test to ${id}`}>
            {isTrying.value ? "Sending…" : "Send a test"}
          </BusyButton>
        )}
      </div>
      <p>
        <StateWord state={stateOf(channel)} />{" "}
        {lastError !== null && (
          <span class="soft">
            <Words text={lastError} />
            {nextAttemptAt === null ? "" : `; tried again ${fromNow(nextAttemptAt, now.value)}`}
          </span>
        )}
      </p>
      <div role="status">
        {answered.value !== null && (
          <StateWord state={{ tone: "ok", word: `The test was taken: ${answered.value}`, icon: "ok" }} />
        )}
      </div>
      {problem.value && <TroubleAtButton problem={problem.value} />}
    </li>
  );
}

function stateOf({ waiting, lastError }: Channel): State {
  if (waiting === 0) return { tone: "ok", word: "Nothing waits", icon: "ok" };
  const messages = counted(waiting, "message");
  return lastError === null
    ? { tone: "move", word: `${messages} on the way`, icon: "move" }
    : { tone: "wait", word: `${messages} not taken yet:`, icon: "wait" };
}
