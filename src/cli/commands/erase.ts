import { Option } from "commander";
import * as z from "zod";
import type { App, ConnectorConfig } from "../../app.ts";
import { cliOrigin } from "../../audit/audit-origin.ts";
import { ConnectorError } from "../../errors/connector-error.ts";
import { countSchema } from "../../json/run-json.ts";
import { isGroup } from "../../state/ledger-row.ts";
import type { Erasure } from "../../sync/erase.ts";
import { printable } from "../../util/printable.ts";
import { plural } from "../../util/readable.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../command.ts";
import { configOption, connectorOption } from "../common-options.ts";
import { withApp } from "../with-app.ts";

const erasureSchema = z.strictObject({
  connectorId: z.string(),
  contextId: z.string(),
  memoryId: z.string(),
  fileSource: z.string(),
  wasKnown: z.boolean().describe("the ledger had a row of it"),
  removed: z.array(z.string()).describe("ids of its documents that LightRAG held"),
  remaining: countSchema.describe("its documents in LightRAG's listing afterwards"),
  answersForgotten: countSchema.describe("remembered answers about its media"),
});

export const eraseCommand: CommandSpec = {
  name: "erase",
  summary: "Remove one memory everywhere, and prove it",
  details:
    "Removes its document from LightRAG with chunks and cached model answers, and all that the ledger keeps of it but its ids: they keep it from " +
    "coming back while the Memory API still has it. LightRAG's listing is read again afterwards; only when it has no document of " +
    "the memory is the command a success. `sync --ids ID --force` takes the memory up again.",
  options: [
    configOption(),
    new Option("--memory <id>", "the memory").makeOptionMandatory(),
    new Option("--context <id>", "only in this context"),
    connectorOption("only this connector; otherwise every one that knows the memory"),
    new Option("--yes", "do not ask"),
  ],
  examples: [
    "erase --memory m-123 --yes",
    "erase --memory m-123 --connector-id personal --context CTX123 --yes --json",
  ],
  json: z.strictObject({ erased: z.array(erasureSchema) }),
  run: (input, context) =>
    withApp(input, context, { readOnly: false }, async (app) => {
      const memoryId = String(input.options.memory);
      const places = await placesOf(app, input, memoryId);
      await confirm(context, input, memoryId, places);
      const erasures: Erasure[] = [];
      for (const { connector, contextId } of places) {
        const erasure = await app.erase(connector, { contextId, memoryId }, context.io.signal);
        erasures.push(erasure);
        await app.audit.record(cliOrigin(), { action: "memory.erase", subject: memoryId, after: erasure });
      }
      return { json: { erased: erasures }, text: erasures.map(describe).join("\n\n") };
    }),
};

interface Place {
  connector: ConnectorConfig;
  contextId: string;
}

/** Where the memory is known, or where the command line says that it is. */
async function placesOf(app: App, { options }: CommandInput, memoryId: string): Promise<Place[]> {
  const { connectorId, context } = options;
  const connectors =
    connectorId === undefined ? app.connectors.configs() : [app.connector(String(connectorId))];
  const all = connectors.flatMap((connector) =>
    connector.contextIds.map((contextId) => ({ connector, contextId })),
  );
  const named = all.filter(({ contextId }) => context === undefined || contextId === context);
  if (connectorId !== undefined && context !== undefined && named.length > 0) return named;
  const known: Place[] = [];
  for (const place of named) {
    const rows = await app.state.getRows({ connectorId: place.connector.id, contextId: place.contextId }, [
      memoryId,
    ]);
    if ([...rows.values()].some((row) => !isGroup(row))) known.push(place);
  }
  if (known.length > 0) return known;
  throw new ConnectorError("MEMORY_UNKNOWN", `the ledger knows no memory "${memoryId}"`, {
    subject: memoryId,
    hint: "say --connector-id and --context to erase one that the ledger does not know",
  });
}

async function confirm(
  { asJson, io }: CommandContext,
  { options }: CommandInput,
  memoryId: string,
  places: readonly Place[],
): Promise<void> {
  if (options.yes === true) return;
  const where = places.map(({ connector, contextId }) => `${connector.id} (${contextId})`).join(", ");
  if (!asJson && (await io.confirm(`Erase memory "${memoryId}" of ${where} for good?`))) return;
  throw new ConnectorError("NOT_CONFIRMED", `memory "${memoryId}" was not erased`, { subject: memoryId });
}

function describe(erasure: Erasure): string {
  const { connectorId, contextId, memoryId, fileSource, removed, answersForgotten } = erasure;
  const documents =
    removed.length === 0
      ? `LightRAG held no document "${fileSource}"`
      : `${plural(removed.length, "document")} removed with chunks and cached answers: ${removed.join(", ")}`;
  const lines = [
    `${memoryId} of ${contextId} (${connectorId}): erased`,
    `  LightRAG  ${documents}`,
    `  proof     its listing, read again, has no document "${fileSource}"`,
    "  ledger    only the ids are left, so that it does not come back",
  ];
  if (answersForgotten > 0)
    lines.push(`  media     ${plural(answersForgotten, "remembered answer")} forgotten`);
  return lines.map(printable).join("\n");
}
