export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Messages and hints of the service begin small and end without a stop. */
export const sentence = (text: string): string => capital(/[.!?…]$/u.test(text) ? text : `${text}.`);

/** `a`, `a and b`, `a, b and c` */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? "";
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Whether two texts of the service say the same, but for capitals and stops: one of them is enough then. */
export function saysSame(one: string, other: string): boolean {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replaceAll(/[\s.`’']+/gu, " ")
      .trim();
  return plain(one) === plain(other);
}

/** What is written in HTML, as text: tags go, also one that was cut off at the end. For quotes, which are cut anywhere. */
export function withoutTags(text: string): string {
  return text
    .replaceAll(/<\/?[a-z][^<>]*>/giu, " ")
    .replace(/<\/?[a-z][^<>]*$/iu, "…")
    .replace(/^[^<>]{0,200}="[^<>"]*"[^<>]{0,200}>/u, "…")
    .replaceAll(/&(amp|lt|gt|quot|nbsp|#39);/gu, (_, name: string) => entities.get(name) ?? "")
    .replaceAll(/[ \t]{2,}/gu, " ")
    .trim();
}

const entities = new Map([
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["nbsp", " "],
  ["#39", "'"],
]);

/** A text of so many characters at most: of a longer one its begin and its end. No character is cut in two. */
export function cutInMiddle(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const begin = Math.ceil((most - 1) / 2);
  const end = most - 1 - begin;
  return `${characters.slice(0, begin).join("")}…${characters.slice(characters.length - end).join("")}`;
}
