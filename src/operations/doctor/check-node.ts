import { type Diagnosis, fine, problem } from "./diagnosis.ts";

/** What `package.json` asks for. */
const oldestMajor = 24;

/** `running` is a version of Node.js without the `v`, `ours` that of this program. */
export function checkNode(running: string, ours: string): Diagnosis {
  const message = `memory-connector ${ours} on Node.js ${running}`;
  if (Number.parseInt(running, 10) >= oldestMajor) return fine("versions", message);
  return problem("versions", message, `install Node.js ${oldestMajor} or a later one`);
}
