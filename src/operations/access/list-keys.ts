import * as z from "zod";
import { stateOperation } from "../operation.ts";
import { keyJson, keyRing, keySchema } from "./key-json.ts";

export const listKeys = stateOperation({
  name: "key.list",
  tag: "Service",
  summary: "List the keys to the management API that were made here, without the keys themselves",
  access: "admin",
  input: z.strictObject({}),
  output: z.strictObject({ keys: z.array(keySchema) }),
  errors: [],
  run: async (context) => ({ keys: (await keyRing(context).list()).map(keyJson) }),
});
