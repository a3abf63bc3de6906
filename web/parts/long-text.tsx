import type { ComponentChildren } from "preact";

/** Text of a machine, line by line, that scrolls within itself when it is long; so it can be reached by the keyboard. */
export function LongText({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section class="doc long-text" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
