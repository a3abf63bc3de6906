import * as z from "zod";
import { apiRoles } from "../../state/record-stores.ts";
import { stateOperation } from "../operation.ts";
import { textOf } from "../texts.ts";
import { keyJson, keyRing, newKeySchema } from "./key-json.ts";

export const createKey = stateOperation({
  name: "key.create",
  tag: "Service",
  summary: "Make a key to the management API; it is shown this once",
  access: "admin",
  input: z.strictObject({
    name: textOf(200).describe("what it is for"),
    role: z.enum(apiRoles).default("viewer").describe("`viewer` may look, `admin` may do everything"),
  }),
  output: newKeySchema,
  errors: [],
  changes: ["key.create"],
  run: async (context, { name, role }) => {
    const { key, stored } = await keyRing(context).create(name, role);
    await context.record({ action: "key.create", subject: stored.id, after: keyJson(stored) });
    return { ...keyJson(stored), key };
  },
});
