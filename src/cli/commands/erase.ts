import { Option } from "commander";
import type * as z from "zod";
import type { LedgerKey } from "../../domain/ledger-row.ts";
import { plural } from "../../kernel/util/readable.ts";
import { printable } from "../../kernel/util/terminal-text.ts";
import { describePlace, erasedPlaces, reachOfErasure } from "../../operations/memories/erasable.ts";
import { allowMemory, eraseMemory } from "../../operations/memories/erase-memory.ts";
import type { MemoryName } from "../../operations/memories/memory-rows.ts";
import type { Services } from "../../operations/operation-context.ts";
import type { CommandInput, CommandSpec } from "../command.ts";
import { commandOf } from "../operation-command.ts";
import { configOption, connectorOption } from "../options.ts";

const typed = {
  name: "erase",
  details: `${eraseMemory.details} \`--undo\` takes an erasure back: the next sync takes the memory up again.`,
  options: [
    configOption(),
    new Option("--memory <id>", "the memory").makeOptionMandatory(),
    new Option("--context <id>", "only in this context"),
    connectorOption("this connector's; otherwise of every one that knows the memory"),
    new Option("--everywhere", "with --connector-id, also from others of the same source that know it"),
    new Option("--dry-run", "say what would be erased, and change nothing"),
    new Option("--undo", "let an erased memory come back").conflicts(["dryRun", "everywhere"]),
    new Option("--yes", "do not ask"),
  ],
  examples: [
    "erase --memory m-123 --dry-run",
    "erase --memory m-123 --yes",
    "erase --memory m-123 --connector-id personal --context CTX123 --yes --json",
    "erase --undo --memory m-123 --yes",
  ],
  input: ({ options }: CommandInput) => {
    const { memory, context, connectorId } = options as Record<string, string | undefined>;
    return { memoryId: memory ?? "", contextId: context, connectorId };
  },
};

const erase = commandOf(eraseMemory, {
  ...typed,
  input: eraseInput,
  confirm: async (name, services) => {
    const { places } = await reachOfErasure(services, name);
    return questionOf("Erase for good", name, places, services);
  },
  text: ({ erased, others }) => [...erased.map(describe), ...others.map(describeOther)].join("\n\n"),
});

const preview = commandOf(eraseMemory, {
  ...typed,
  input: eraseInput,
  text: ({ places, others }, { memoryId }) =>
    [
      ...places.map(
        ({ connectorId, contextId, sink }) =>
          `${memoryId} of ${contextId} (${connectorId}): would be erased, from LightRAG ${sink} too`,
      ),
      ...others.map(describeOther),
    ]
      .map(printable)
      .join("\n"),
});

const undo = commandOf(allowMemory, {
  ...typed,
  confirm: async (name, services) =>
    questionOf("Take back the erasure of", name, await erasedPlaces(services, name), services),
  text: ({ allowed }) =>
    allowed
      .map(
        (key) => `${key.memoryId} of ${key.contextId} (${key.connectorId}): the next sync takes it up again`,
      )
      .map(printable)
      .join("\n"),
});

/** One command for people; two operations, because they have nothing in common. */
export const eraseCommand: CommandSpec = {
  ...erase,
  operations: [eraseMemory, allowMemory],
  run: async (given, context) => {
    const { undo: isUndone, dryRun } = given.options;
    const { run = erase.run } = isUndone === true ? undo : dryRun === true ? preview : erase;
    return (run as NonNullable<CommandSpec["run"]>)(given, context);
  },
};

function eraseInput(given: CommandInput) {
  const { everywhere, dryRun } = given.options as { everywhere?: true; dryRun?: true };
  return { ...typed.input(given), everywhere, dryRun };
}

function describeOther({ connectorId, contextId }: z.output<typeof eraseMemory.output>["others"][number]) {
  return printable(`${connectorId} (${contextId}): reads the same source, and will never take it up`);
}

function questionOf(
  asked: string,
  { memoryId: subject }: MemoryName,
  places: readonly LedgerKey[],
  services: Services,
) {
  const where = places.map((key) => describePlace(services, key)).join(", ");
  return {
    question: `${asked} memory "${subject}" of ${where}?`,
    refused: `memory "${subject}" was left as it is`,
    subject,
  };
}

function describe(erasure: z.output<typeof eraseMemory.output>["erased"][number]): string {
  const { connectorId, contextId, memoryId, fileSource, removed, answersForgotten, notices, setAside } =
    erasure;
  const documents =
    removed.length === 0
      ? `LightRAG held no document "${fileSource}"`
      : `${plural(removed.length, "document")} removed with chunks and cached answers: ${removed.join(", ")}`;
  const lines = [
    `${memoryId} of ${contextId} (${connectorId}): erased`,
    `  LightRAG  ${documents}`,
    `  proof     its listing, read again, has no document "${fileSource}"`,
    "  state     only the ids are left, so that it does not come back; its file and its copy are written anew",
  ];
  if (answersForgotten > 0)
    lines.push(`  media     ${plural(answersForgotten, "remembered answer")} forgotten`);
  for (const notice of notices) lines.push(`  notice    ${notice}`);
  for (const file of setAside)
    lines.push(`  aside     ${file} may still hold its text; remove it when you need it no more`);
  return lines.map(printable).join("\n");
}
