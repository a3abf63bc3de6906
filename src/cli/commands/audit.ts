import { InvalidArgumentError, Option } from "commander";
import * as z from "zod";
import { AuditLog } from "../../access/audit/audit-log.ts";
import { keysWithoutEntry, type UnexplainedKey } from "../../access/audit/keys-without-entry.ts";
import type { AuditVerdict } from "../../access/audit/verify-chain.ts";
import { maskSecrets } from "../../config/mask-secrets.ts";
import { auditEntryJson, auditEntrySchema } from "../../json/audit-json.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { plural, readableMoment } from "../../kernel/util/readable.ts";
import type { AuditEntry, AuditHead } from "../../state/audit-entry.ts";
import type { CommandSpec } from "../command.ts";
import { configOption } from "../common-options.ts";
import { exitCodes } from "../exit-codes.ts";
import { moment, wholeNumber } from "../option-values.ts";
import { renderTable } from "../table.ts";
import { withState } from "../with-state.ts";

interface ListOptions {
  limit: number;
  after?: string;
  actor?: string;
  action?: string;
  subject?: string;
  since?: number;
  until?: number;
}

const listEntries: CommandSpec = {
  name: "list",
  summary: "List who changed what, newest first",
  options: [
    configOption(),
    new Option("--actor <who>", "only changes by this user, or by the key with this id or name"),
    new Option("--action <action>", "only this action, such as `key.create`, or all of `key`"),
    new Option("--subject <id>", "only changes of this connector, key or memory"),
    new Option("--since <time>", "not before this time (RFC 3339, or a date in UTC)").argParser(moment),
    new Option("--until <time>", "not after this time").argParser(moment),
    new Option("--limit <n>", "how many at most").argParser(wholeNumber(1, 100_000)).default(50),
    new Option("--after <cursor>", "`next` of the page before"),
  ],
  examples: [
    "audit list",
    "audit list --action key --since 2025-01-31",
    "audit list --subject personal --json",
  ],
  json: z.strictObject({ entries: z.array(auditEntrySchema), next: z.string().nullable() }),
  run: (input, context) =>
    withState(input, context, { readOnly: true }, async (state) => {
      const query = input.options as unknown as ListOptions;
      const { entries, next } = await new AuditLog(state.audit, systemClock, maskSecrets).list(query);
      return {
        json: { entries: entries.map(auditEntryJson), next },
        text: entries.length === 0 ? "No entry fits." : [entriesTable(entries), ...moreText(next)].join("\n"),
      };
    }),
};

const verifyEntries: CommandSpec = {
  name: "verify",
  summary: "Check that no entry of the audit log was changed, moved, put in or removed",
  details:
    "Names the first bad entry and ends with exit code 1. Prints the end of the chain; noted somewhere else and given back by --anchor, it " +
    "shows whether the log was cut off or written anew since then.",
  options: [
    configOption(),
    new Option("--anchor <number:hash>", "an entry that was noted earlier").argParser(anchorOf),
  ],
  examples: ["audit verify", `audit verify --anchor 17:${"ab12".repeat(16)}`],
  json: z.strictObject({
    ok: z.boolean(),
    entries: z.int().min(0),
    first: z.int().nullable().describe("number of the oldest entry; older ones were removed by retention"),
    head: z.strictObject({ number: z.int(), hash: z.string() }).nullable(),
    problem: z.strictObject({ number: z.int(), reason: z.string() }).nullable(),
    unexplainedKeys: z
      .array(z.strictObject({ id: z.string(), name: z.string(), role: z.string() }))
      .describe("keys to the API in the state that no entry tells of"),
  }),
  run: (input, context) =>
    withState(input, context, { readOnly: true }, async (state) => {
      const anchor = (input.options.anchor as AuditHead | undefined) ?? null;
      const verdict = await new AuditLog(state.audit, systemClock, maskSecrets).verify(anchor);
      const unexplainedKeys = await keysWithoutEntry(state);
      const ok = verdict.problem === null && unexplainedKeys.length === 0;
      return {
        json: { ok, ...verdict, unexplainedKeys },
        text: [verdictText(verdict), ...unexplainedKeys.map(unexplainedText)].join("\n"),
        exitCode: ok ? exitCodes.ok : exitCodes.runFailed,
      };
    }),
};

export const auditCommand: CommandSpec = {
  name: "audit",
  summary: "Look at the log of changes, and check that nobody meddled with it",
  options: [],
  examples: [],
  children: [listEntries, verifyEntries],
};

function unexplainedText({ id, name, role }: UnexplainedKey): string {
  return `No entry tells of the key ${id} (${name}, ${role}): \`memory-connector keys revoke ${id}\` ends it.`;
}

function anchorOf(value: string): AuditHead {
  const [, number, hash] = /^(\d{1,15}):([0-9a-f]{64})$/u.exec(value) ?? [];
  if (number !== undefined && hash !== undefined) return { number: Number(number), hash };
  throw new InvalidArgumentError("It has to be the number and the hash of an entry, such as 17:ab12….");
}

function entriesTable(entries: readonly AuditEntry[]): string {
  return renderTable(
    ["NUMBER", "TIME", "WHO", "FROM", "ACTION", "SUBJECT"],
    entries.map(({ number, at, actor, from, action, subject }) => [
      String(number),
      readableMoment(at),
      [actor.kind, actor.name ?? actor.id].filter(Boolean).join(" "),
      from.address ?? from.host,
      action,
      subject ?? "-",
    ]),
  );
}

function moreText(next: string | null): string[] {
  return next === null ? [] : [`There are more: --after ${next}`];
}

function verdictText({ entries, first, head, problem }: AuditVerdict): string {
  if (problem !== null) return `The chain is broken at entry ${problem.number}: ${problem.reason}.`;
  if (head === null) return "The audit log is empty.";
  const removed = first !== null && first > 1 ? ` Entries before ${first} were removed by retention.` : "";
  return `The chain of ${plural(entries, "entry", "entries")} holds.${removed}\nIt ends with ${head.number}:${head.hash}`;
}
