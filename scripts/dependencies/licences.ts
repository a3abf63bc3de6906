/** As much of package-lock.json as tells what users get. */
export interface LockFile {
  packages: Readonly<Record<string, { license?: string; dev?: boolean; devOptional?: boolean }>>;
}

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
export function licenceProblems(lock: LockFile, notice: string): string[] {
  const problems: string[] = [];
  for (const [path, { license, dev, devOptional }] of Object.entries(lock.packages)) {
    if (path === "" || dev === true || devOptional === true) continue;
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const problem = problemOf(name, license, notice);
    if (problem !== null) problems.push(`${name}: ${problem}`);
  }
  return problems;
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
