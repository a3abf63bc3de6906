import type { CommandSpec } from "./command.ts";

/** What runs every hour, or while somebody waits for it: each is loaded without the others, which are the larger part of a start. */
const often = new Map<string, () => Promise<CommandSpec>>([
  ["sync", async () => (await import("./commands/sync.ts")).syncCommand],
  ["plan", async () => (await import("./commands/plan.ts")).planCommand],
  ["check", async () => (await import("./commands/check.ts")).checkCommand],
  ["status", async () => (await import("./commands/status.ts")).statusCommand],
  ["query", async () => (await import("./commands/query.ts")).queryCommand],
]);

/** The commands among which a command line (without node and script) has its own: that one alone, or all. */
export async function commandsFor([name = ""]: readonly string[]): Promise<readonly CommandSpec[]> {
  const command = await often.get(name)?.();
  return command === undefined ? (await import("./commands.ts")).commands : [command];
}
