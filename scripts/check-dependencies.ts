/**
 * Checks what users get with the package: licences by the lock file, which fails, and known vulnerabilities, which only tells: the
 * registry may not answer, and an advisory is for a person to weigh.
 */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type LockFile, licenceProblems } from "./dependencies/licences.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (name: string) => readFileSync(`${root}/${name}`, "utf8");

const problems = licenceProblems(JSON.parse(read("package-lock.json")) as LockFile, read("NOTICE.md"));
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? "licences: all allowed" : `licences: ${problems.length} to settle`);
process.exitCode = problems.length === 0 ? 0 : 1;

const audit = spawnSync("npm", ["audit", "--omit=dev", "--json"], {
  cwd: root,
  timeout: 60_000,
  encoding: "utf8",
});
console.log(`advisories: ${summaryOf(audit.stdout)}`);

function summaryOf(answer: string | null): string {
  try {
    const { metadata } = JSON.parse(answer ?? "") as {
      metadata: { vulnerabilities: Record<string, number> };
    };
    const { total, ...severities } = metadata.vulnerabilities;
    if (total === 0) return "none known";
    const found = Object.entries(severities).filter(([, count]) => count > 0);
    return `${found.map(([severity, count]) => `${count} ${severity}`).join(", ")}; see \`npm audit --omit=dev\``;
  } catch {
    return "the registry does not answer, not checked";
  }
}
