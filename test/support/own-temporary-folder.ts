import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Global set-up of every project: a place for the temporary files of all tests and of all that they start. It goes with this process, also
 * when Ctrl-C ends it and no test can tidy up.
 */
export default function setUp(): (() => void) | undefined {
  // Once for all projects of a run.
  if (process.env.TESTS_TMPDIR !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "mc-tests-"));
  // As the usual place: some tests are other users.
  chmodSync(folder, 0o1777);
  process.env.TESTS_TMPDIR = process.env.TMPDIR = folder;
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once("exit", remove);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => {
      remove();
      // With its last listener gone, a signal ends the process as ever.
      process.kill(process.pid, signal);
    });
  return remove;
}
