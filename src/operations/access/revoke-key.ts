import * as z from "zod";
import { stateOperation } from "../operation.ts";
import { keyIdField, keyJson, keyRing, keySchema } from "./key-json.ts";

export const revokeKey = stateOperation({
  name: "key.revoke",
  tag: "Service",
  summary: "End a key at once",
  details: "Its holder is refused from the next request on, the caller's own key too.",
  access: "admin",
  input: z.strictObject({ keyId: keyIdField }),
  output: keySchema,
  errors: ["API_KEY_UNKNOWN"],
  changes: ["key.revoke"],
  run: async (context, { keyId }) => {
    const key = await keyRing(context).revoke(keyId);
    await context.record({ action: "key.revoke", subject: key.id, after: keyJson(key) });
    return keyJson(key);
  },
});
