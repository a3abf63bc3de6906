import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Argument, Option } from "commander";
import type * as z from "zod";
import { ConnectorError, systemReason } from "../../kernel/errors/connector-error.ts";
import { readJsonBytes } from "../../kernel/util/decode/json.ts";
import { plural } from "../../kernel/util/readable.ts";
import { printable } from "../../kernel/util/terminal-text.ts";
import { pushMemories } from "../../operations/memories/push-memories.ts";
import type { CliIo } from "../cli-io.ts";
import type { CommandSpec } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { commandOf } from "../operation-command.ts";
import { configOption } from "../options.ts";

type Answer = z.output<typeof pushMemories.output>;

const push = commandOf(pushMemories, {
  name: "push",
  arguments: [
    new Argument("<connector-id>", "a connector with `source: { type: push }`"),
    new Argument("<file>", "memories as JSON or JSON Lines, or - for standard input"),
  ],
  options: [
    configOption(),
    new Option("--context <id>", "the context; needed where the connector has several"),
  ],
  examples: ["push apps notes.json", "push apps notes.jsonl --context APPS --json"],
  input: ({ arguments: [connectorId = ""], options }) => ({
    connectorId,
    contextId: options.context as string | undefined,
    items: options.items,
  }),
  text: (answer) => [countsText(answer), ...invalidTexts(answer), ...followsTexts(answer)].join("\n"),
  exitCode: ({ counts }) => (counts.invalid > 0 ? exitCodes.partial : exitCodes.ok),
});

/** The file is read first, so that nothing is open while somebody types. */
export const pushCommand: CommandSpec = {
  ...push,
  run: async (given, context) => {
    const [, file = ""] = given.arguments;
    const items = itemsIn(await bytesOf(file, context.io), file);
    const run = push.run as NonNullable<CommandSpec["run"]>;
    return run({ ...given, options: { ...given.options, items } }, context);
  },
};

async function bytesOf(file: string, { stdin, cwd }: Pick<CliIo, "stdin" | "cwd">): Promise<Buffer> {
  if (file === "-") {
    const parts: Buffer[] = [];
    for await (const part of stdin) parts.push(Buffer.from(part));
    return Buffer.concat(parts);
  }
  return readFile(resolve(cwd, file)).catch((cause: unknown) => {
    throw unreadable(file, systemReason(cause, file), "name a file with memories, or - for standard input");
  });
}

/** A document is one JSON value; anything else is an item on each line. A line that is no JSON is an item that is none. */
function itemsIn(bytes: Buffer, file: string): unknown {
  const whole = readJsonBytes(bytes);
  if (whole.ok) return whole.value;
  const lines = bytes
    .toString("utf8")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const read = lines.map((line) => readJsonBytes(Buffer.from(line)));
  const items = read.map((each, at) => (each.ok ? each.value : lines[at]));
  if (read.some((each) => each.ok)) return items;
  throw unreadable(file, whole.problem, "give JSON, or JSON Lines with a memory on each");
}

function unreadable(file: string, why: string, hint: string): ConnectorError {
  return new ConnectorError("USAGE", `cannot read memories from ${file}: ${why}`, { subject: file, hint });
}

function countsText({ connectorId, contextId, counts }: Answer): string {
  const parts = Object.entries(counts).flatMap(([result, count]) =>
    count > 0 ? [`${count} ${result}`] : [],
  );
  return printable(`${connectorId} (${contextId}): ${parts.join(", ") || "nothing was sent"}`);
}

const shownInvalid = 20;

function invalidTexts({ results }: Answer): string[] {
  const all = results.flatMap(({ id, error }, at) =>
    error === null ? [] : [printable(`  ${id ?? `item ${at + 1}`}: ${error.code}: ${error.message}`)],
  );
  const more = all.length - shownInvalid;
  return more > 0 ? [...all.slice(0, shownInvalid), `  and ${plural(more, "item")} more`] : all;
}

function followsTexts({ next, connectorId, counts }: Answer): string[] {
  if (counts.accepted + counts.updated + counts.deleted === 0) return [];
  if (next === "run") return ["The service takes them up by itself."];
  if (next === "resume") return [`They wait: \`memory-connector resume ${connectorId}\` goes on.`];
  return [`They wait for \`memory-connector sync ${connectorId}\`, or for a service.`];
}
