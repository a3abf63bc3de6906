import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { api } from "../api/endpoints.ts";
import { Icon } from "../parts/icon.tsx";
import { addressOf, go } from "./router.ts";

/** What an id of a connector is made of. */
const connectorId = /^[\w.-]{1,100}$/u;

/** Goes to the connector of this id, else to the memories with these words. `/` leads here from everywhere. */
export function Search() {
  const text = useSignal("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener("keydown", focus);
    return () => removeEventListener("keydown", focus);
  }, []);
  const search = async () => {
    const wanted = text.value.trim();
    if (wanted === "") return;
    go(await addressFor(wanted));
    text.value = "";
    field.current?.blur();
  };
  return (
    <search>
      <form
        class="find"
        onSubmit={(event) => {
          event.preventDefault();
          void search();
        }}
      >
        <Icon name="search" />
        <input
          ref={field}
          type="search"
          aria-label="Search memories by words, connectors by id"
          aria-keyshortcuts="/"
          placeholder="Memories, connectors"
          value={text.value}
          onInput={({ currentTarget }) => {
            text.value = currentTarget.value;
          }}
          onKeyDown={({ key, currentTarget }) => key === "Escape" && currentTarget.blur()}
        />
        <kbd>/</kbd>
      </form>
    </search>
  );
}

function isTyping({ target }: KeyboardEvent): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}

/** Where the service does not answer, the list of memories says so. */
async function addressFor(wanted: string): Promise<string> {
  if (connectorId.test(wanted)) {
    const { connectors } = await api.listConnectors({ ids: [wanted] }).catch(() => ({ connectors: [] }));
    if (connectors.length > 0) return addressOf(["connectors", wanted]);
  }
  return addressOf(["memories"], { text: wanted });
}
