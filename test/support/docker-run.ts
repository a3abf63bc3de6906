import { wordsOf } from "./parse-command-line.ts";

/** Options of `docker run` without a value. */
const flags = new Set(["--rm", "-d", "--read-only"]);

/** The arguments that a line `docker run …` of the pages gives to our image; null when it is no such line, or runs another image. */
export function argumentsToImage(line: string): string[] | null {
  const [docker, run, ...words] = wordsOf(line);
  if (docker !== "docker" || run !== "run") return null;
  while (words[0]?.startsWith("-")) words.splice(0, flags.has(words[0]) ? 1 : 2);
  return words[0] === "memory-connector" ? words.slice(1) : null;
}
