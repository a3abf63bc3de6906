import * as z from "zod";
import { keysWithoutEntry } from "../../access/audit/keys-without-entry.ts";
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
    const verdict = await services.audit.verify(anchor === undefined ? null : headOf(anchor));
    const unexplainedKeys = await keysWithoutEntry(services.state);
    return { ok: verdict.problem === null && unexplainedKeys.length === 0, ...verdict, unexplainedKeys };
  },
});

function headOf(anchor: string) {
  const [, number, hash = ""] = anchorPattern.exec(anchor) ?? [];
  return { number: Number(number), hash };
}
