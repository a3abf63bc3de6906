import { mask } from "./url.ts";

/** How the keys of well-known services, and our own, begin. */
const knownBeginning =
  /^(?:(?:sk|pk|rk|mck|gh[a-z]|github_pat|glpat|xox[a-z]|hf|gsk|npm|whsec|shpat)[-_](?=\S*[\dA-Z])|AKIA|ASIA|AIza|eyJ|ya29\.)/u;

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/iu;

const shortestKey = 8;
/** From here on, chance leaves its traces: letters and digits that take turns, or letters that nobody could speak. */
const shortestRandom = 16;

/** Whether one word looks like a key or a password that a machine made. Reads it once. */
export function looksLikeSecret(word: string): boolean {
  if (word.length < shortestKey) return false;
  return knownBeginning.test(word) || uuid.test(word) || (word.length >= shortestRandom && isRandom(word));
}

/** The text with such words masked. Reads it once. */
export function withoutSecretWords(text: string): string {
  return text.replace(/[^\s"'`,;()[\]{}<>]+/gu, (word) => (looksLikeSecret(word) ? mask : word));
}

function isRandom(word: string): boolean {
  let [turns, letters, vowels, last] = [0, 0, 0, ""];
  for (const character of word) {
    const kind = kindOf(character);
    // Words in one begin with a capital.
    if (last !== "" && kind !== "" && kind !== last && !(last === "A" && kind === "a")) turns += 1;
    if (kind === "a" || kind === "A") letters += 1;
    if (/[aeiouy]/iu.test(character)) vowels += 1;
    last = kind;
  }
  const isUnspeakable = letters === word.length && vowels < letters / 5;
  return turns >= word.length / 5 || isUnspeakable;
}

/** Empty for what parts words. */
function kindOf(character: string): string {
  if (/\d/u.test(character)) return "0";
  if (/\p{Lu}/u.test(character)) return "A";
  return /\p{L}/u.test(character) ? "a" : "";
}

/**
 * Whether a text, where a number, a name from a list or an address was wanted, may be a password that has lost its way: one word that begins
 * like a word and has digits or signs in it.
 */
export function looksLostPassword(text: string): boolean {
  return /^(?=[^\s/:*.]{5,200}$)\p{L}.*[\d!@#$%^&?+=]/u.test(text);
}
