import { resolve } from "node:path";
import { Argument, Option } from "commander";
import { plural, readableBytes, readableMoment } from "../../kernel/util/readable.ts";
import { printable, printableLines } from "../../kernel/util/terminal-text.ts";
import { memoryChunks } from "../../operations/memories/memory-chunks.ts";
import { memoryDocument } from "../../operations/memories/memory-document.ts";
import { memoryHistory } from "../../operations/memories/memory-history.ts";
import { memoryMedia } from "../../operations/memories/memory-media.ts";
import type { CommandInput, CommandSpec } from "../command.ts";
import { renderTable } from "../lay-out.ts";
import { commandOf, contextOf, inputOf } from "../operation-command.ts";
import { configOption, connectorOption, filePath } from "../options.ts";
import { withApp } from "../with-app.ts";

const typed = {
  arguments: [new Argument("<memory-id>", "the memory")],
  options: [
    configOption(),
    connectorOption("the memory's connector; needed when several have it"),
    new Option("--context <id>", "the memory's context; needed when several have it"),
  ],
};

function nameOf({ options, arguments: [memoryId = ""] }: CommandInput) {
  const { connectorId, context: contextId } = options as { connectorId?: string; context?: string };
  return { connectorId, contextId, memoryId };
}

const documentOfMemory = commandOf(memoryDocument, {
  ...typed,
  name: "document",
  options: [
    ...typed.options,
    new Option("--no-from-source", "ask only the ledger and LightRAG, not the source"),
  ],
  examples: ["memory document m-123", "memory document m-123 --no-from-source --json"],
  input: (given) => ({ ...nameOf(given), fromSource: given.options.fromSource !== false }),
  text: ({ text, note }) => [text === null ? null : printableLines(text), note].filter(Boolean).join("\n\n"),
  notice: ({ fileSource, origin }) =>
    origin === null
      ? `document "${printable(fileSource)}"`
      : `document "${printable(fileSource)}", ${places[origin]}`,
});

const places = {
  ledger: "made from what the ledger keeps",
  lightrag: "as LightRAG stores it",
  source: "made again from what the source lists now",
};

const chunksOfMemory = commandOf(memoryChunks, {
  ...typed,
  name: "chunks",
  examples: ["memory chunks m-123", "memory chunks m-123 --context CTX123 --json"],
  input: nameOf,
  text: ({ chunks, note, delivered }) => {
    const none = delivered ? "No chunk of it is known." : (note ?? "Its document is not in LightRAG.");
    const shown = chunks.map(({ id, tokens, text, entities, relations }) =>
      [
        tokens === null ? id : `${id} (${plural(tokens, "token")})`,
        ...(text === null ? [] : [printableLines(text)]),
        `entities   ${entities.map(({ name }) => printable(name)).join(", ") || "-"}`,
        `relations  ${relations.map(({ source, target }) => printable(`${source} – ${target}`)).join(", ") || "-"}`,
      ].join("\n"),
    );
    return [...new Set([...(chunks.length === 0 ? [none] : shown), note])].filter(Boolean).join("\n\n");
  },
});

const historyOfMemory = commandOf(memoryHistory, {
  ...typed,
  name: "history",
  examples: ["memory history m-123", "memory history m-123 --connector-id personal --json"],
  input: nameOf,
  text: ({ steps, complete, evidence, firstSeenAt }) => {
    const table = renderTable(
      ["TIME", "STEP", "WHY", "RUN"],
      steps.map(({ at, step, of, code, reason, by, runId }) => [
        readableMoment(Date.parse(at)),
        of === "document" ? `${step} (shared document)` : step,
        code ?? reason ?? "-",
        runId ?? (by === "person" ? "a person" : "-"),
      ]),
    );
    return [
      steps.length === 0 ? `First seen ${readableMoment(Date.parse(firstSeenAt))}.` : table,
      evidence === null
        ? null
        : `LightRAG's record was compared with the text ${evidence.contentHash} and held it, ${readableMoment(Date.parse(evidence.provedAt))}: document ${evidence.documentId}.`,
      complete ? null : "Some earlier steps are not known.",
    ]
      .filter(Boolean)
      .join("\n\n");
  },
});

const mediaOfMemory: CommandSpec = {
  name: "media",
  summary: memoryMedia.summary,
  details: memoryMedia.details ?? "",
  arguments: [...typed.arguments, new Argument("<file>", "where it is written").argParser(filePath)],
  options: [
    ...typed.options,
    new Option("--kind <kind>", "which medium").choices(["audio", "image"]).default("audio"),
    new Option("--force", "overwrite the file"),
  ],
  examples: ["memory media m-123 walk.mp3", "memory media m-123 walk.jpeg --kind image --force"],
  json: memoryMedia.output,
  operations: [memoryMedia],
  run: (input, context) =>
    withApp(input, context, { readOnly: true }, async (app) => {
      const { kind, force } = input.options;
      const file = resolve(context.io.cwd, input.arguments[1] ?? "");
      const asked = { ...nameOf(input), kind: kind as "audio" | "image", file, force: force === true };
      const given = inputOf(memoryMedia, asked, mediaOfMemory.options);
      const json = await memoryMedia.run(contextOf(app, context), given);
      return { json, text: `${printable(json.file)}: ${json.contentType}, ${readableBytes(json.bytes)}` };
    }),
};

export const memoryCommand: CommandSpec = {
  name: "memory",
  summary: "Show the document, the chunks or the history of one memory, or fetch its audio or picture",
  options: [],
  examples: [],
  children: [documentOfMemory, chunksOfMemory, historyOfMemory, mediaOfMemory],
};
