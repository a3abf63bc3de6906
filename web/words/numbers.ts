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
