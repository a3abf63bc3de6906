import { signal } from "@preact/signals";
import { isOutage } from "../api/outage.ts";
import { asProblem } from "../api/problem.ts";
import { outage } from "../api/request.ts";
import { Icon } from "../parts/icon.tsx";
import { Words } from "../parts/words.tsx";
import { capital, saysSame, sentence } from "../words/text.ts";

interface Toast {
  id: number;
  tone: "ok" | "fail";
  text: string;
}

/** Long enough to be read twice. Failures stay until they are closed. Milliseconds. */
const shownMs = 8_000;

/** How often something was done on this page that may change what is shown elsewhere on it. */
export const changes = signal(0);

const toasts = signal<readonly Toast[]>([]);
let last = 0;

/** Tells what was done, to eyes and to screen readers. Returns the id of what is shown. */
export function say(text: string, tone: Toast["tone"] = "ok"): number {
  const id = ++last;
  toasts.value = [...toasts.value.slice(-3), { id, tone, text }];
  if (tone === "ok") setTimeout(() => close(id), shownMs);
  return id;
}

/** Does something that a person asked for, and tells how it went. Resolves with whether it was done. */
export async function attempt(work: () => Promise<unknown>, done: string | null): Promise<boolean> {
  try {
    await work();
    changes.value += 1;
    if (done !== null) say(done);
    return true;
  } catch (thrown) {
    const { message, hint, code } = asProblem(thrown);
    const id = say(
      `${capital(message)} (${code}).${saysSame(message, hint) ? "" : ` ${sentence(hint)}`}`,
      "fail",
    );
    // That it is away is not true any more once it answers.
    if (isOutage(thrown)) outage.whenBack(() => close(id));
    return false;
  }
}

function close(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id);
}

export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, tone, text }) => (
        <div key={id} class={`toast ${tone}`}>
          <Icon name={tone === "ok" ? "check" : "fail"} />
          <span>
            <Words text={text} />
          </span>
          <button type="button" class="btn icon quiet sm" aria-label="Close" onClick={() => close(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
