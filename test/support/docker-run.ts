import { wordsOf } from "./parse-command-line.ts";

/** Options of `docker run` without a value. */
const flags = new Set(["--rm", "-d", "--read-only"]);

/** The arguments that a line `docker run …` or `docker compose run …` of the pages gives to our image; null when it is another line. */
export function argumentsToImage(line: string): string[] | null {
  const [command, rest] = line.split(/(?<=^docker (?:compose )?run) /u);
  if (rest === undefined) return null;
  const words = wordsOf(rest);
  const image = command?.includes("compose") ? "connector" : "memory-connector";
  while (words[0]?.startsWith("-")) words.splice(0, flags.has(words[0]) ? 1 : 2);
  return words[0] === image ? words.slice(1) : null;
}
