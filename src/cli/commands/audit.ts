import { InvalidArgumentError, Option } from "commander";
import type * as z from "zod";
import type { AuditVerification } from "../../access/audit/verify-chain.ts";
import { plural, readableMoment } from "../../kernel/util/readable.ts";
import { type auditEntrySchema, listAuditEntries } from "../../operations/audit/list-audit-entries.ts";
import { verifyAuditLog } from "../../operations/audit/verify-audit-log.ts";
import type { CommandSpec } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { longerList, moreText } from "../in-pages.ts";
import { renderTable } from "../lay-out.ts";
import { stateCommandOf } from "../operation-command.ts";
import { configOption, moment, wholeNumber } from "../options.ts";

type Entry = z.output<typeof auditEntrySchema>;

const listEntries = stateCommandOf(longerList(listAuditEntries, "entries"), {
  name: "list",
  summary: "List who changed what, newest first",
  options: [
    configOption(),
    new Option("--actor <who>", "only changes by this user, or by the key with this id or name"),
    new Option("--action <action>", "only this action, such as `key.create`, or all of `key`"),
    new Option("--subject <id>", "only changes of this connector, key or memory"),
    new Option("--since <time>", "not before this time (RFC 3339, or a date in UTC)").argParser(moment),
    new Option("--until <time>", "not after this time or day").argParser(moment),
    new Option("--limit <n>", "how many at most").argParser(wholeNumber(1, 100_000)).default(50),
    new Option("--after <cursor>", "`next` of the page before"),
  ],
  examples: [
    "audit list",
    "audit list --action key --since 2025-01-31",
    "audit list --subject personal --json",
  ],
  input: ({ options }) => {
    const { limit, after, actor, action, subject, since, until } = options as z.input<
      typeof listAuditEntries.input
    >;
    return { limit, after, actor, action, subject, since, until };
  },
  text: ({ entries, next }) =>
    entries.length === 0 ? "No entry fits." : [entriesTable(entries), ...moreText(next)].join("\n"),
});

const verifyEntries = stateCommandOf(verifyAuditLog, {
  name: "verify",
  details:
    "Names the first bad entry and ends with exit code 1. Prints the end of the chain; noted somewhere else and given back by --anchor, it " +
    "shows whether the log was cut off or written anew since then.",
  options: [
    configOption(),
    new Option("--anchor <number:hash>", "an entry that was noted earlier").argParser(anchorOf),
  ],
  examples: ["audit verify", `audit verify --anchor 17:${"ab12".repeat(16)}`],
  input: ({ options }) => ({ anchor: options.anchor as string | undefined }),
  text: (verification) =>
    [verificationText(verification), ...verification.unexplainedKeys.map(unexplainedText)].join("\n"),
  exitCode: ({ ok }) => (ok ? exitCodes.ok : exitCodes.runFailed),
});

export const auditCommand: CommandSpec = {
  name: "audit",
  summary: "Look at the log of changes, and check that nobody meddled with it",
  options: [],
  examples: [],
  children: [listEntries, verifyEntries],
};

function unexplainedText({ id, name, role }: Record<"id" | "name" | "role", string>): string {
  return `No entry tells of the key ${id} (${name}, ${role}): \`memory-connector keys revoke ${id}\` ends it.`;
}

function anchorOf(value: string): string {
  if (verifyAuditLog.input.shape.anchor.safeParse(value).success) return value;
  throw new InvalidArgumentError("It has to be the number and the hash of an entry, such as 17:ab12….");
}

function entriesTable(entries: readonly Entry[]): string {
  return renderTable(
    ["NUMBER", "TIME", "WHO", "FROM", "ACTION", "SUBJECT"],
    entries.map(({ number, at, actor, from, action, subject }) => [
      String(number),
      readableMoment(Date.parse(at)),
      [actor.kind, actor.name ?? actor.id].filter(Boolean).join(" "),
      from.address ?? from.host,
      action,
      subject ?? "-",
    ]),
  );
}

function verificationText({ entries, first, head, problem }: AuditVerification): string {
  if (problem !== null) return `The chain is broken at entry ${problem.number}: ${problem.reason}.`;
  if (head === null) return "The audit log is empty.";
  const removed = first !== null && first > 1 ? ` Entries before ${first} were removed by retention.` : "";
  return `The chain of ${plural(entries, "entry", "entries")} holds.${removed}\nIt ends with ${head.number}:${head.hash}`;
}
