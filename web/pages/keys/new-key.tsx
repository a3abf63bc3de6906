import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api } from "../../api/endpoints.ts";
import { Icon } from "../../parts/icon.tsx";
import { attempt, say } from "../../shell/toasts.tsx";
import type { NewKey } from "./keys.ts";

/** Shows a key this once. It is in no address, no storage and no message, and gone with the component. */
export function ShownOnce({ made, close }: { made: NewKey; close: () => void }) {
  const panel = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => panel.current?.focus(), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(made.key);
      say("The key is copied.");
    } catch {
      // Browsers have no clipboard for pages without TLS on other hosts than this machine.
      field.current?.select();
      say("The key is selected: copy it with the keyboard.");
    }
  };
  return (
    <section class="plan" aria-label={`The key ${made.name}`} tabIndex={-1} ref={panel}>
      <h2>The key {made.name} is shown this once.</h2>
      <p>
        Whoever has it may {made.role === "admin" ? "do everything" : "look at everything"}. Put it where it
        belongs now.
      </p>
      <div class="secret">
        <input
          ref={field}
          class="input mono"
          readOnly
          autocomplete="off"
          spellcheck={false}
          aria-label="The key"
          value={made.key}
          onFocus={({ currentTarget }) => currentTarget.select()}
        />
        <button type="button" class="btn" onClick={copy}>
          Copy
        </button>
      </div>
      <div class="acts">
        <button type="button" class="btn main" onClick={close}>
          <Icon name="check" /> I have it
        </button>
      </div>
    </section>
  );
}

/** Makes a key. */
export function NewKeyForm({ done, close }: { done: (made: NewKey) => void; close: () => void }) {
  const isMaking = useSignal(false);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    const role = given.get("role") === "admin" ? "admin" : "viewer";
    isMaking.value = true;
    await attempt(
      async () => done(await api.createKey({ name: String(given.get("name")).trim(), role })),
      null,
    );
    isMaking.value = false;
  };
  return (
    <form class="panel pad form" aria-label="New key" onSubmit={submit}>
      <div class="row">
        <label for="key-name">What it is for</label>
        <input id="key-name" class="input" name="name" required maxLength={200} autocomplete="off" />
      </div>
      <div class="row">
        <label for="key-role">What it may do</label>
        <select id="key-role" class="input" name="role">
          <option value="viewer">look: viewer</option>
          <option value="admin">do everything: admin</option>
        </select>
      </div>
      <div class="acts">
        <button type="submit" class="btn main" disabled={isMaking.value}>
          Make the key
        </button>
        <button type="button" class="btn" onClick={close}>
          Leave it
        </button>
      </div>
    </form>
  );
}
