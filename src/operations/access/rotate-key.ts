import * as z from "zod";
import { stateOperation } from "../operation.ts";
import { keyIdField, keyJson, keyRing, newKeySchema } from "./key-json.ts";

const hourMs = 3_600_000;

export const rotateKey = stateOperation({
  name: "key.rotate",
  tag: "Service",
  summary: "Make a key in the place of another, which works on for a while",
  access: "admin",
  input: z.strictObject({
    keyId: keyIdField,
    graceHours: z.int().min(0).max(8760).default(24).describe("how long the old key works on"),
  }),
  output: newKeySchema,
  errors: ["API_KEY_UNKNOWN"],
  changes: ["key.rotate"],
  run: async (context, { keyId, graceHours }) => {
    const { key, stored } = await keyRing(context).rotate(keyId, graceHours * hourMs);
    const [before, after] = [{ id: keyId }, keyJson(stored)];
    await context.record({ action: "key.rotate", subject: stored.id, before, after });
    return { ...keyJson(stored), key };
  },
});
