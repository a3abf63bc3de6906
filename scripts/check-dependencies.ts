/**
 * Checks what users get with the package: licences by the lock file, which fails, and known vulnerabilities, which only tells: the
 * registry may not answer, and an advisory is for a person to weigh.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { licenceProblems } from "./dependencies/licences.ts";
import { packagesInside, shippedPackages } from "./dependencies/shipped.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (name: string) => readFileSync(`${root}/${name}`, "utf8");

const lock = JSON.parse(read("package-lock.json"));
const inside = await packagesInside();

const problems = licenceProblems(lock, read("NOTICE.md"), inside);
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? "licences: all allowed" : `licences: ${problems.length} to settle`);
process.exitCode = problems.length === 0 ? 0 : 1;

const audit = spawnSync("npm", ["audit", "--json"], { cwd: root, timeout: 60_000, encoding: "utf8" });
console.log(`advisories: ${summaryOf(audit.stdout)}`);

/** Of all that npm knows, what is about packages that users get. */
function summaryOf(answer: string | null): string {
  try {
    const { vulnerabilities } = JSON.parse(answer ?? "") as {
      vulnerabilities: Record<string, { severity: string }>;
    };
    const shipped = new Set(shippedPackages(lock, inside).map(([name]) => name));
    const found = Object.entries(vulnerabilities).filter(([name]) => shipped.has(name));
    if (found.length === 0) return "none known";
    return `${found.map(([name, { severity }]) => `${name} (${severity})`).join(", ")}; see \`npm audit\``;
  } catch {
    return "the registry does not answer, not checked";
  }
}
