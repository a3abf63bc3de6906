/** A part of a text, in UTF-16 units. */
export interface Span {
  start: number;
  /** Behind its last unit. */
  end: number;
}

/** Adds a part that ends no earlier than all before it, which stand in order; those that it overlaps become one with it. */
export function addSpan(spans: Span[], { start, end }: Span): void {
  let from = start;
  for (let last = spans.at(-1); last !== undefined && last.end > from; last = spans.at(-1)) {
    from = Math.min(from, last.start);
    spans.pop();
  }
  spans.push({ start: from, end });
}

/** The parts of several lists in one, in order; those that overlap become one. */
export function joinSpans(lists: readonly (readonly Span[])[]): Span[] {
  const joined: Span[] = [];
  for (const span of lists.flat().sort((a, b) => a.end - b.end || b.start - a.start)) addSpan(joined, span);
  return joined;
}

/** The text with each of these parts, which stand in order and apart, replaced. */
export function replaceSpans(text: string, spans: readonly Span[], replacement: string): string {
  let at = 0;
  let replaced = "";
  for (const { start, end } of spans) {
    replaced += text.slice(at, start) + replacement;
    at = end;
  }
  return replaced + text.slice(at);
}
