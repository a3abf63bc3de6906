import * as z from "zod";
import { ApiKeys } from "../../access/api-keys.ts";
import { apiRoles, type StoredApiKey } from "../../state/record-stores.ts";
import type { OperationContext } from "../operation-context.ts";
import { instantSchema, isoInstant } from "../runs/run-json.ts";
import { textOf } from "../texts.ts";

/** A key as everybody may see it who may see keys at all: without the key itself. */
export const keySchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    role: z.enum(apiRoles),
    createdAt: instantSchema,
    endsAt: instantSchema.nullable().describe("from then on it is refused"),
  })
  .meta({ id: "ApiKey" });

export const newKeySchema = z
  .strictObject({ ...keySchema.shape, key: z.string().describe("shown this once") })
  .meta({ id: "NewApiKey" });

export const keyIdField = textOf(100).describe("id of the key, not the key itself");

export function keyJson({ id, name, role, createdAt, endsAt }: StoredApiKey): z.infer<typeof keySchema> {
  return {
    id,
    name,
    role,
    createdAt: isoInstant(createdAt),
    endsAt: endsAt === null ? null : isoInstant(endsAt),
  };
}

/** The keys of the state store. */
export function keyRing({ services, clock }: Pick<OperationContext<"state">, "services" | "clock">): ApiKeys {
  return new ApiKeys({ store: services.state.apiKeys, configured: () => null, clock });
}
