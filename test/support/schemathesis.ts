import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { findPython, pythonWith } from "./python-environment.ts";
import { temporaryFolder } from "./temp-folder.ts";

/** An upgrade is a change in this repository that the service passes or fails. */
const version = "4.32.5";

/** Why APIs cannot be fuzzed here; null when they can. */
export const schemathesisMissing: string | null = findPython() === null ? "skipped: no Python 3.10+" : null;

export interface FuzzedApi {
  url: string;
  /** The OpenAPI document by which requests are made and answers are judged. */
  document: object;
  /** Sent with every request. */
  headers: Readonly<Record<string, string>>;
  /** More arguments of `schemathesis run`. */
  options: readonly string[];
  /** Whole seconds. */
  seconds: number;
}

/** What is too long may also be refused by the size of the request's head (431), before anybody looks at its shape. */
const config = `
[checks]
negative_data_rejection.expected-statuses = ["4xx"]
`;

/** Lets schemathesis, a public fuzzer of APIs, loose on an API. Resolves to its exit code (0: it found nothing) and its report. */
export async function fuzz({ url, document, headers, options, seconds }: FuzzedApi) {
  const command = await schemathesis();
  const folder = temporaryFolder();
  const path = join(folder, "openapi.json");
  writeFileSync(path, JSON.stringify(document));
  // Found by its name.
  writeFileSync(join(folder, "schemathesis.toml"), config);
  const sent = Object.entries(headers).flatMap(([name, value]) => ["--header", `${name}: ${value}`]);
  const limits = ["--max-time", String(seconds), "--request-timeout", "30", "--seed", "1"];
  const args = ["--no-color", "run", path, "--url", url, ...sent, ...limits, ...options];
  return new Promise<{ code: number; report: string }>((resolve) => {
    execFile(command, args, { cwd: folder, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), report: stdout + stderr });
    });
  });
}

/** The command, from a virtual environment that is made once. */
export async function schemathesis(): Promise<string> {
  const python = await pythonWith(`schemathesis-${version}`, `schemathesis==${version}`);
  return join(dirname(python), "schemathesis");
}
