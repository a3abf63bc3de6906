import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api } from "../../api/endpoints.ts";
import { Icon } from "../../parts/icon.tsx";
import { Plan } from "../../parts/plan.tsx";
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

/** Makes a key; what it may do is chosen first. */
export function NewKeyPlan({ done, close }: { done: (made: NewKey) => void; close: () => void }) {
  const name = useSignal("");
  const role = useSignal<NewKey["role"]>("viewer");
  const called = name.value.trim();
  const isMaking = useRef(false);
  /** Enter in the field does it, too; two of them make one key. */
  const make = async () => {
    if (called === "" || isMaking.current) return;
    isMaking.current = true;
    await attempt(async () => done(await api.createKey({ name: called, role: role.value })), null);
    isMaking.current = false;
  };
  return (
    <Plan
      title="Plan: a new key"
      facts={[
        ["Its holder may", role.value === "admin" ? "do everything" : "look at everything"],
        ["It works", "until it is revoked or rotated"],
        ["It is shown", "once, here"],
      ]}
      action={called === "" ? null : `Make the key ${called}`}
      act={make}
      close={close}
    >
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <div class="row">
          <label for="key-name">What it is for</label>
          <input
            id="key-name"
            class="input"
            maxLength={200}
            autocomplete="off"
            value={name.value}
            onInput={({ currentTarget }) => {
              name.value = currentTarget.value;
            }}
          />
        </div>
        <div class="row">
          <label for="key-role">What it may do</label>
          <select
            id="key-role"
            class="input"
            value={role.value}
            onChange={({ currentTarget }) => {
              role.value = currentTarget.value === "admin" ? "admin" : "viewer";
            }}
          >
            <option value="viewer">look: viewer</option>
            <option value="admin">do everything: admin</option>
          </select>
        </div>
      </form>
    </Plan>
  );
}
