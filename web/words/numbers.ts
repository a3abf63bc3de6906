const format = new Intl.NumberFormat("en");

/** `4,391` */
export const count = (value: number): string => format.format(value);

/** `1 memory`, `4,391 memories` */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

const small = [
  "no",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "ten",
  "eleven",
  "twelve",
];

/** In a sentence: words up to twelve, then digits. */
export const inWords = (value: number): string => small[value] ?? count(value);

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Messages and hints of the service begin small and end without a stop. */
export const sentence = (text: string): string => capital(/[.!?…]$/u.test(text) ? text : `${text}.`);

/** `a`, `a and b`, `a, b and c` */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
