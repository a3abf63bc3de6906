import { Option } from "commander";
import * as z from "zod";
import { cliOrigin } from "../../access/audit/audit-origin.ts";
import { countSchema } from "../../json/run-json.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { printable } from "../../kernel/util/printable.ts";
import { plural } from "../../kernel/util/readable.ts";
import type { App, ConnectorConfig } from "../../runtime/app.ts";
import { isErased } from "../../state/ledger.ts";
import { isGroup, type LedgerKey } from "../../state/ledger-row.ts";
import type { Erasure } from "../../sync/erase.ts";
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
  setAside: z.array(z.string()).describe("older states that were put aside and may still hold its text"),
});

const allowedSchema = z.strictObject({
  connectorId: z.string(),
  contextId: z.string(),
  memoryId: z.string(),
});

export const eraseCommand: CommandSpec = {
  name: "erase",
  summary: "Remove one memory everywhere, and prove it",
  details:
    "Removes its document from LightRAG with chunks and cached model answers, and all that the state keeps of it but its ids. From then on it " +
    "is never taken up again: not by `sync --ids`, not after `reset`, not from an older archive. One that no run has seen yet can be erased, " +
    "too. LightRAG's listing is read again afterwards; only when it has no document of " +
    "the memory is the command a success. `--undo` takes an erasure back: the next sync takes the memory up again.",
  options: [
    configOption(),
    new Option("--memory <id>", "the memory").makeOptionMandatory(),
    new Option("--context <id>", "only in this context"),
    connectorOption("only this connector; otherwise every one that knows the memory"),
    new Option("--undo", "let an erased memory come back"),
    new Option("--yes", "do not ask"),
  ],
  examples: [
    "erase --memory m-123 --yes",
    "erase --memory m-123 --connector-id personal --context CTX123 --yes --json",
    "erase --undo --memory m-123 --yes",
  ],
  json: z.strictObject({
    erased: z.array(erasureSchema),
    allowed: z.array(allowedSchema).describe("memories whose erasure was taken back"),
  }),
  run: (input, context) =>
    withApp(input, context, { readOnly: false }, async (app) => {
      const memoryId = String(input.options.memory);
      if (input.options.undo === true) return undo(app, input, context, memoryId);
      const places = await placesOf(app, input, memoryId);
      await confirm(context, input, { memoryId, places, asked: "Erase for good" });
      const erasures: Erasure[] = [];
      for (const { connector, contextId } of places) {
        const erasure = await app.erase(connector, { contextId, memoryId }, context.io.signal);
        erasures.push(erasure);
        await app.audit.record(cliOrigin(), { action: "memory.erase", subject: memoryId, after: erasure });
      }
      return { json: { erased: erasures, allowed: [] }, text: erasures.map(describe).join("\n\n") };
    }),
};

interface Place {
  connector: ConnectorConfig;
  contextId: string;
  key(memoryId: string): LedgerKey;
}

/** Where the memory is known, or where the command line says that it is. */
async function placesOf(app: App, { options }: CommandInput, memoryId: string): Promise<Place[]> {
  const named = namedPlaces(app, options);
  const known = await filterAsync(named, ({ key }) => isKnown(app, key(memoryId)));
  if (known.length > 0) return known;
  if (named.length > 0 && (options.connectorId !== undefined || named.length === 1)) return named;
  throw new ConnectorError("MEMORY_UNKNOWN", `the ledger knows no memory "${memoryId}"`, {
    subject: memoryId,
    hint: "say --connector-id to erase one that the ledger does not know",
  });
}

function namedPlaces(app: App, { connectorId, context }: CommandInput["options"]): Place[] {
  const connectors =
    connectorId === undefined ? app.connectors.configs() : [app.connector(String(connectorId))];
  const all = connectors.flatMap((connector) =>
    connector.contextIds.map((contextId) => ({
      connector,
      contextId,
      key: (memoryId: string) => ({ connectorId: connector.id, contextId, memoryId }),
    })),
  );
  return all.filter(({ contextId }) => context === undefined || contextId === context);
}

async function isKnown({ state }: App, key: LedgerKey): Promise<boolean> {
  const row = (await state.getRows(key, [key.memoryId])).get(key.memoryId);
  return (row !== undefined && !isGroup(row)) || (await staysErased(state, key));
}

async function staysErased(state: App["state"], key: LedgerKey): Promise<boolean> {
  const row = (await state.getRows(key, [key.memoryId])).get(key.memoryId);
  return isErased(row) || (await state.erasures.among(key, [key.memoryId])).size > 0;
}

async function undo(app: App, input: CommandInput, context: CommandContext, memoryId: string) {
  const places = await filterAsync(namedPlaces(app, input.options), ({ key }) =>
    staysErased(app.state, key(memoryId)),
  );
  if (places.length === 0) {
    throw new ConnectorError("MEMORY_UNKNOWN", `no memory "${memoryId}" is kept away`, {
      subject: memoryId,
      hint: "look for its id in `memory-connector audit list`",
    });
  }
  await confirm(context, input, { memoryId, places, asked: "Take back the erasure of" });
  const allowed = places.map(({ key }) => key(memoryId));
  for (const key of allowed) {
    await app.allowAgain(key);
    await app.audit.record(cliOrigin(), { action: "memory.allow-again", subject: memoryId, after: key });
  }
  const lines = allowed.map(
    ({ connectorId, contextId }) =>
      `${memoryId} of ${contextId} (${connectorId}): the next sync takes it up again`,
  );
  return { json: { erased: [], allowed }, text: lines.map(printable).join("\n") };
}

async function filterAsync<Item>(
  items: readonly Item[],
  passes: (item: Item) => Promise<boolean>,
): Promise<Item[]> {
  const verdicts = await Promise.all(items.map(passes));
  return items.filter((_, at) => verdicts[at]);
}

async function confirm(
  { asJson, io }: CommandContext,
  { options }: CommandInput,
  { memoryId, places, asked }: { memoryId: string; places: readonly Place[]; asked: string },
): Promise<void> {
  if (options.yes === true) return;
  const where = places.map(({ connector, contextId }) => `${connector.id} (${contextId})`).join(", ");
  if (!asJson && (await io.confirm(`${asked} memory "${memoryId}" of ${where}?`))) return;
  throw new ConnectorError("NOT_CONFIRMED", `memory "${memoryId}" was left as it is`, { subject: memoryId });
}

function describe(erasure: Erasure): string {
  const { connectorId, contextId, memoryId, fileSource, removed, answersForgotten, setAside } = erasure;
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
  for (const file of setAside)
    lines.push(`  aside     ${file} may still hold its text; remove it when you need it no more`);
  return lines.map(printable).join("\n");
}
