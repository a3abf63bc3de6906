import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import * as z from "zod";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { eraseMemory } from "../../operations/memories/erase-memory.ts";
import { memoryReference, parseReference } from "../memory-reference.ts";
import { leading, roomFor } from "../token-budget.ts";
import { tool } from "../tool.ts";

/** How long a preview may be confirmed. Milliseconds. */
const confirmWithinMs = 10 * 60_000;

/** Tokens are of this process: one of another is answered with a new preview's. */
const tokenKey = randomBytes(32);

export const forget = tool({
  name: "forget",
  title: "Erase a memory for good",
  description:
    "Remove one memory from graph and ledger, and keep it out for ever. The first call changes nothing: it says what would be erased and gives " +
    "a token. Show that to the person, and only with their consent call again with the token as `confirm`.",
  access: "admin",
  isDestructive: true,
  input: {
    id: memoryReference,
    everywhere: z
      .boolean()
      .default(false)
      .describe("also at other connectors of the same source that know it"),
    confirm: z.string().max(200).optional().describe("the token of the preview"),
  },
  output: z.strictObject({
    isForgotten: z.boolean(),
    places: z
      .array(z.strictObject({ connectorId: z.string(), contextId: z.string(), sink: z.string() }))
      .describe("where it is erased"),
    confirm: z.string().nullable().describe("of a preview: hand it back to erase the memory"),
    note: z.string(),
    leftOut: z.string().nullable(),
  }),
  run: async ({ call }, { id, everywhere, confirm, maxTokens }) => {
    const key = parseReference(id);
    const subject = JSON.stringify([key, everywhere]);
    if (confirm !== undefined) requireToken(confirm, subject);
    const isPreview = confirm === undefined;
    const answer = await call(eraseMemory, { ...key, everywhere: everywhere, dryRun: isPreview });
    const places = leading(answer.places, roomFor(maxTokens));
    const left = answer.places.length - places.length;
    return {
      isForgotten: !isPreview,
      places,
      confirm: isPreview ? issueToken(subject) : null,
      note: isPreview
        ? "nothing is changed yet; ask the person, then call again with `confirm`, within ten minutes"
        : "erased, and proved: LightRAG's listing, read again, has no document of it",
      leftOut: left > 0 ? `${left} places` : null,
    };
  },
});

function issueToken(subject: string, until = Date.now() + confirmWithinMs): string {
  return `${until}.${createHmac("sha256", tokenKey).update(`${until} ${subject}`).digest("base64url")}`;
}

function requireToken(token: string, subject: string): void {
  const until = Number(token.split(".", 1)[0]);
  const [given, right] = [token, issueToken(subject, until)].map((text) => Buffer.from(text));
  const isRight = given?.length === right?.length && timingSafeEqual(given as Buffer, right as Buffer);
  if (isRight && until >= Date.now()) return;
  throw new ConnectorError(
    "NOT_CONFIRMED",
    "this is not the token of a preview of this memory, or an old one",
    {
      hint: "call it without `confirm` for a preview, and hand back the token that it gives",
    },
  );
}
