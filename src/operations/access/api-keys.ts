import * as z from "zod";
import { ApiKeys, hasNotEnded } from "../../access/api-keys.ts";
import { isOver } from "../../access/sessions.ts";
import { apiRoles, type StoredApiKey } from "../../state/record-stores.ts";
import { textOf } from "../fields.ts";
import { stateOperation } from "../operation.ts";
import type { OperationContext } from "../operation-context.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";

/** A key as listed: without the key itself. */
export const keySchema = z
  .strictObject({
    id: z.string(),
    name: z.string(),
    role: z.enum(apiRoles),
    createdAt: instantSchema,
    endsAt: instantSchema.nullable().describe("from then on it is refused"),
  })
  .meta({ id: "ApiKey" });

const listedKeySchema = z
  .strictObject({
    ...keySchema.shape,
    lastUsedAt: instantSchema.nullable().describe("to the minute; null while it was never used"),
    sessions: countSchema.describe("browsers that are signed in with it"),
  })
  .meta({ id: "ListedApiKey" });

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
export function apiKeysOf({
  services,
  clock,
}: Pick<OperationContext<"state">, "services" | "clock">): ApiKeys {
  return new ApiKeys({ store: services.state.apiKeys, configured: () => null, clock });
}

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
    const { key, stored } = await apiKeysOf(context).create(name, role);
    await context.record({ action: "key.create", subject: stored.id, after: keyJson(stored) });
    return { ...keyJson(stored), key };
  },
});

export const listKeys = stateOperation({
  name: "key.list",
  tag: "Service",
  summary: "List the keys to the management API that were made here, without the keys themselves",
  access: "admin",
  input: z.strictObject({}),
  output: z.strictObject({
    keys: z.array(listedKeySchema),
    configured: z
      .boolean()
      .describe("`api.api_key` of the configuration is in force as well, with the role admin"),
  }),
  errors: [],
  run: async (context) => {
    const keys = await apiKeysOf(context).list();
    const sessions = Map.groupBy(await openSessions(context), ({ keyId }) => keyId);
    return {
      keys: keys.map((key) => ({
        ...keyJson(key),
        lastUsedAt: key.usedAt === undefined ? null : isoInstant(key.usedAt),
        sessions: hasNotEnded(key, context.clock.now()) ? (sessions.get(key.id)?.length ?? 0) : 0,
      })),
      configured: context.services.config.api.apiKey !== null,
    };
  },
});

/** Those that have neither lasted nor lain idle for too long. */
async function openSessions({ services, clock }: OperationContext<"state" | "config">) {
  const { state, config } = services;
  const stored = await state.sessions.list();
  return stored.filter((session) => !isOver(session, config.api.sessions, clock.now()));
}

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
    const { key, stored } = await apiKeysOf(context).rotate(keyId, graceHours * hourMs);
    const [before, after] = [{ id: keyId }, keyJson(stored)];
    await context.record({ action: "key.rotate", subject: stored.id, before, after });
    return { ...keyJson(stored), key };
  },
});

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
    const key = await apiKeysOf(context).revoke(keyId);
    await context.record({ action: "key.revoke", subject: key.id, after: keyJson(key) });
    return keyJson(key);
  },
});
