import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { BusyButton } from "./busy-button.tsx";
import { Facts } from "./facts.tsx";
import { Icon } from "./icon.tsx";

interface PlanProps {
  /** What would be done: `Plan: backfill 1 to 31 July`. */
  title: string;
  /** What it would mean, in numbers; null while they are being found out. */
  facts: readonly (readonly [label: string, value: ComponentChildren])[] | null;
  /** What a person has to know besides. */
  note?: ComponentChildren;
  /** What is to be chosen before. */
  children?: ComponentChildren;
  /** Repeats the number: `Backfill 316 memories`. Null where there is nothing to do. */
  action: string | null;
  isDangerous?: boolean;
  /** Does it. The plan stays open until it is done. */
  act: () => Promise<unknown>;
  close: () => void;
}

/** Shown before what changes many things: counts, cost and time first. */
export function Plan({ title, facts, note, children, action, isDangerous = false, act, close }: PlanProps) {
  const panel = useRef<HTMLElement>(null);
  const isActing = useSignal(false);
  useEffect(() => {
    const opener = document.activeElement;
    panel.current?.focus();
    return () => giveBack(opener, panel.current);
  }, []);
  const go = async () => {
    isActing.value = true;
    await act();
    isActing.value = false;
  };
  return (
    <section
      class="plan"
      aria-label={title}
      tabIndex={-1}
      ref={panel}
      onKeyDown={({ key }) => key === "Escape" && close()}
    >
      <div class="head">
        <h2>{title}</h2>
        <button type="button" class="btn icon quiet" aria-label="Close the plan" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      {children}
      {facts === null ? <p class="soft">Finding out what it would mean…</p> : <Facts facts={facts} />}
      {note && <p class="soft">{note}</p>}
      {action !== null && facts !== null && (
        <div class="acts">
          <BusyButton class={`btn ${isDangerous ? "danger" : "main"}`} isBusy={isActing.value} onClick={go}>
            {action}
          </BusyButton>
        </div>
      )}
    </section>
  );
}

/** The focus goes back to what has opened the panel, unless a person has taken it elsewhere. */
function giveBack(opener: Element | null, panel: HTMLElement | null): void {
  const isElsewhere = document.activeElement !== document.body && !panel?.contains(document.activeElement);
  if (!isElsewhere && opener instanceof HTMLElement && opener.isConnected) opener.focus();
}
