/** Polling interval. Milliseconds. */
const pollIntervalMs = 500;

/**
 * Calls back once when the shell in which npm runs one of our own scripts has exited. npm sends SIGTERM to that shell, which dies
 * without forwarding it.
 */
export function onNpmShellExit(gone: () => void): void {
  if (!isOwnScript(process.env)) return;
  const shell = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(look);
    gone();
  }, pollIntervalMs).unref();
}

/** Whether this runs under `npm run cli` or `npm run demo`, as in a checkout. */
export function isOwnScript({ npm_lifecycle_event: script }: Readonly<NodeJS.ProcessEnv>): boolean {
  return script === "demo" || script === "cli";
}
