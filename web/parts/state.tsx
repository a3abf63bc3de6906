import { Icon, type IconName } from "./icon.tsx";

/** What a state means; each has a colour, which only repeats word and shape. */
export type Tone = "ok" | "move" | "wait" | "fail" | "dead" | "rest";

export interface State {
  tone: Tone;
  word: string;
  icon: IconName;
}

/** Word and shape, in a line of text. */
export function StateWord({ state: { tone, word, icon } }: { state: State }) {
  return (
    <span class={`st ${tone}`}>
      <Icon name={icon} />
      {word}
    </span>
  );
}

/** The same with a ground. */
export function StateTag({ state: { tone, word, icon } }: { state: State }) {
  return (
    <span class={`tag ${tone}`}>
      <Icon name={icon} />
      {word}
    </span>
  );
}
