import { type LockFile, shippedPackages } from "./shipped.ts";

/** Licences that ask for no more than to be named. */
const allowed: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BlueOak-1.0.0",
  "CC0-1.0",
  "ISC",
  "MIT",
  "MIT-0",
  "Unlicense",
]);

/** Licences of data, which ask for a place in NOTICE.md. */
const allowedWithNotice: ReadonlySet<string> = new Set(["CC-BY-4.0"]);

/** What is wrong with the licences of the packages that users get; one line for each package. */
export function licenceProblems(lock: LockFile, notice: string, inside: ReadonlySet<string>): string[] {
  return shippedPackages(lock, inside).flatMap(([name, { license }]) => {
    const problem = problemOf(name, license, notice);
    return problem === null ? [] : [`${name}: ${problem}`];
  });
}

function problemOf(name: string, licence: string | undefined, notice: string): string | null {
  if (licence === undefined) return "says no licence";
  if (choices(licence).some((choice) => allowed.has(choice))) return null;
  if (!allowedWithNotice.has(licence)) return `the licence ${licence} is not an allowed one`;
  return notice.includes(`\`${name}\``) ? null : `the licence ${licence} asks for a line in NOTICE.md`;
}

/** `(MIT OR GPL-3.0)` offers two; of licences that hold together none can be chosen. */
function choices(licence: string): string[] {
  return licence.replace(/^\((.*)\)$/u, "$1").split(" OR ");
}
