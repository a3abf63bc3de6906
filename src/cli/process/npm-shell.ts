/** How often it is looked whether it is there. Milliseconds. */
const lookMs = 500;

/**
 * Calls back once when the shell has gone in which npm runs one of our own scripts. npm passes SIGTERM to that shell, which ends of it
 * and passes it to nobody.
 */
export function onNpmShellGone(gone: () => void): void {
  if (!isOwnScript(process.env)) return;
  const shell = process.ppid;
  const look = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(look);
    gone();
  }, lookMs).unref();
}

/** Whether a person has typed `npm run cli` or `npm run demo`, as they do in a checkout. */
export function isOwnScript({ npm_lifecycle_event: script }: Readonly<NodeJS.ProcessEnv>): boolean {
  return script === "demo" || script === "cli";
}
