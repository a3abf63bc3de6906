import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { routes } from "../../src/api/routes.ts";
import type { CommandSpec } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";

/** Commands that offer no use case, and why. */
const terminalsOwn: Readonly<Record<string, string>> = {
  demo: "plays both ends itself, in a folder that is thrown away",
  import: "plays both ends itself, in a folder of its own",
  init: "writes a configuration file, where none is yet",
  validate: "reads a configuration file that no service has",
  sync: "does in its own process, and waits for, what `trigger` has a service do",
  resync: "does in its own process what `trigger` with `outdated` has a service do",
  serve: "is the service",
  watch: "shows what `GET /events` tells",
  mcp: "hands use cases to language models; which, is a matter of its tools",
  "secrets generate-key": "makes a key and keeps it nowhere",
  completion: "speaks of the shell",
};

/** Routes that offer no use case, and why. */
const httpsOwn: Readonly<Record<string, string>> = {
  "GET /health": "answers probes",
  "GET /health/live": "answers probes",
  "GET /health/ready": "answers probes",
  "GET /metrics": "is scraped",
  "POST /events/tickets": "stands for a key where a browser cannot send one",
  "POST /connectors/{id}/webhook": "is called by servers of sources; a person has `trigger`",
  "POST /session": "gives a browser its cookie",
  "GET /session": "says whose the cookie, or the key, is",
  "DELETE /session": "takes the cookie back",
  "POST /restore": "says which command restores",
};

function runnable(specs: readonly CommandSpec[], above = ""): [string, CommandSpec][] {
  return specs.flatMap((spec) => [
    ...(spec.run === undefined ? [] : [[`${above}${spec.name}`, spec] as [string, CommandSpec]]),
    ...runnable(spec.children ?? [], `${above}${spec.name} `),
  ]);
}

test("every command offers a use case, or has a reason why not", () => {
  const unbound = runnable(commands).filter(([, { operations = [] }]) => operations.length === 0);
  expect(unbound.map(([name]) => name).toSorted()).toEqual(Object.keys(terminalsOwn).toSorted());
});

test("every route offers a use case, or has a reason why not", () => {
  const unbound = routes.filter(({ offers }) => offers === undefined);
  expect(unbound.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
    Object.keys(httpsOwn).toSorted(),
  );
});

test("no command writes into the audit log by itself: its operation does", () => {
  const folder = join(import.meta.dirname, "../../src/cli/commands");
  const writers = globSync("*.ts", { cwd: folder }).filter((file) =>
    /recordInState|cliOrigin|audit\.record/u.test(readFileSync(join(folder, file), "utf8")),
  );
  expect(writers).toEqual([]);
});
