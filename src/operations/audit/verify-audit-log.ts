import * as z from "zod";
import { storedEntries } from "../../access/audit/stored-entries.ts";
import type { AuditEntry } from "../../state/audit-entry.ts";
import type { StoredApiKey } from "../../state/record-stores.ts";
import type { StateManager } from "../../state/state-manager.ts";
import { stateOperation } from "../operation.ts";

/** `17:ab12…`: number and hash of an entry. */
const anchorPattern = /^(\d{1,15}):([0-9a-f]{64})$/u;

export const verifyAuditLog = stateOperation({
  name: "audit.verify",
  tag: "Service",
  summary: "Check that no entry of the audit log was changed, moved, put in or removed",
  details:
    "Names the first bad entry. The answer has the end of the chain; noted somewhere else and given back as `anchor`, it shows whether the " +
    "log was cut off or written anew since then. Reads the whole log.",
  access: "admin",
  input: z.strictObject({
    anchor: z
      .string()
      .regex(anchorPattern, { error: "has to be the number and the hash of an entry, such as 17:ab12…" })
      .optional()
      .describe("`number:hash` of an entry that was noted earlier"),
  }),
  output: z.strictObject({
    ok: z.boolean(),
    entries: z.int().min(0),
    first: z.int().nullable().describe("number of the oldest entry; older ones were removed by retention"),
    head: z.strictObject({ number: z.int(), hash: z.string() }).nullable(),
    problem: z.strictObject({ number: z.int(), reason: z.string() }).nullable(),
    unexplainedKeys: z
      .array(z.strictObject({ id: z.string(), name: z.string(), role: z.string() }))
      .describe("keys to the API in the state that no entry tells of"),
  }),
  errors: [],
  run: async ({ services }, { anchor }) => {
    const verification = await services.audit.verify(anchor === undefined ? null : headOf(anchor));
    const unexplainedKeys = await keysWithoutEntry(services.state);
    return {
      ok: verification.problem === null && unexplainedKeys.length === 0,
      ...verification,
      unexplainedKeys,
    };
  },
});

function headOf(anchor: string) {
  const [, number, hash = ""] = anchorPattern.exec(anchor) ?? [];
  return { number: Number(number), hash };
}

type UnexplainedKey = Pick<StoredApiKey, "id" | "name" | "role">;

/**
 * API keys without an audit entry: they were written into the state directly. A key older than the oldest entry may have lost its
 * own to retention, unless the log still begins with its first entry.
 */
async function keysWithoutEntry(state: Pick<StateManager, "apiKeys" | "audit">): Promise<UnexplainedKey[]> {
  const explained = new Set<string>();
  let oldest: AuditEntry | null = null;
  for await (const { entry } of storedEntries(state.audit, { after: null, order: "oldest" })) {
    if (entry === null) continue;
    oldest ??= entry;
    for (const id of keysIn(entry)) explained.add(id);
  }
  const since = oldest === null || oldest.number === 1 ? Number.NEGATIVE_INFINITY : oldest.at;
  const keys = await state.apiKeys.list();
  return keys
    .filter(({ id, createdAt }) => !explained.has(id) && createdAt >= since)
    .map(({ id, name, role }) => ({ id, name, role }));
}

/** An entry accounts for the key that it names; the entry of a restore for all keys restored or kept while the log was replaced. */
function keysIn({ action, subject, after }: AuditEntry): string[] {
  if (action.startsWith("key.")) return subject === null ? [] : [subject];
  if (action !== "state.restore") return [];
  const { keys = [], keptKeys = [] } = (after ?? {}) as { keys?: { id: string }[]; keptKeys?: string[] };
  return [...keys.map(({ id }) => id), ...keptKeys];
}
