import { expect, test } from "vitest";
import { makeStore } from "../../../test/contract/state-manager-store.ts";
import { secretKeys } from "../../config/mask-secrets.ts";
import type { StoredConnector } from "../../state/record-stores.ts";
import { rotateSecrets } from "./rotate-secrets.ts";
import { sealedConnectors } from "./sealed-connector-store.ts";
import { newSecretKey, parseSecretKeys } from "./secret-key.ts";
import { secretRecords } from "./secret-status.ts";
import { type SecretSettings, SecretVault } from "./secret-vault.ts";

const withCode = (code: string) => expect.objectContaining({ code });
const names = secretKeys();
const [a, b] = [newSecretKey(), newSecretKey()];

const made = (id: string): StoredConnector => ({
  id,
  version: 0,
  settings: {
    id,
    context_id: "CTX",
    memory_api: { url: "https://user:login@memory.example", api_key: "memory-key" },
    lightrag: { api: { url: "https://rag.example", username: "me", password: "rag-password" } },
  },
  createdAt: 1,
  changedAt: 1,
});

const settings = (encryptionKey: string | null, change: Partial<SecretSettings> = {}): SecretSettings => ({
  encrypt: encryptionKey !== null,
  encryptionKey,
  keyCommand: null,
  ...change,
});

async function openStore() {
  const { connectors } = await makeStore("sqlite").open();
  return {
    raw: connectors,
    under: (of: SecretSettings) => sealedConnectors(connectors, new SecretVault(() => of), names),
    text: async () => JSON.stringify(await connectors.list()),
  };
}

test("secrets stand sealed in the store and plain above it; everything else is as it was sent", async () => {
  const { under, raw, text } = await openStore();
  const store = under(settings(a));
  expect(await store.save(made("one"))).toEqual({ ...made("one"), version: 1 });
  expect(await store.get("one")).toEqual({ ...made("one"), version: 1 });
  expect(await store.get("two")).toBeNull();
  expect(await store.list()).toEqual([{ ...made("one"), version: 1 }]);
  expect(await text()).not.toMatch(/memory-key|user:login|rag-password/u);
  expect((await raw.get("one"))?.settings).toMatchObject({
    context_id: "CTX",
    lightrag: { api: { url: "https://rag.example", username: "me" } },
  });
});

test("without a key secrets stay plain, and are sealed by the next save once there is one", async () => {
  const { under, text } = await openStore();
  const saved = await under(settings(null)).save(made("one"));
  expect(await text()).toContain("memory-key");
  expect(await under(settings(a)).get("one")).toEqual(saved);
  await under(settings(a)).save(saved);
  expect(await text()).not.toContain("memory-key");
});

test("with a wrong key or none nothing is read, and a save changes nothing", async () => {
  const { under, text } = await openStore();
  const saved = await under(settings(a)).save(made("one"));
  const before = await text();
  for (const wrong of [settings(b), settings(null)]) {
    await expect(under(wrong).list()).rejects.toEqual(withCode("SECRETS_KEY_MISSING"));
    await expect(under(wrong).get("one")).rejects.toEqual(withCode("SECRETS_KEY_MISSING"));
  }
  await expect(under(settings("no key")).save(saved)).rejects.toEqual(withCode("SECRETS_KEY_INVALID"));
  const command = settings(null, { encrypt: true, keyCommand: ["/nowhere/key"] });
  await expect(under(command).save(saved)).rejects.toEqual(withCode("SECRETS_KEY_COMMAND"));
  expect(await text()).toBe(before);
});

test("a key that cannot be had is in nobody's way where nothing is sealed", async () => {
  const { under } = await openStore();
  const saved = await under(settings(null)).save(made("one"));
  expect(await under(settings("no key")).list()).toEqual([saved]);
});

test("the keys follow the configuration when it is read again, and are not read again before", async () => {
  const inForce = { now: settings(b) };
  const vault = new SecretVault(() => inForce.now);
  const first = await vault.keys();
  expect(first?.sealing.id).toBe(parseSecretKeys(b).sealing.id);
  expect(await vault.keys()).toBe(first);
  inForce.now = settings(`${a},${b}`);
  expect((await vault.keys())?.sealing.id).toBe(parseSecretKeys(a).sealing.id);
});

test("a rotation seals what is plain or under an older key with the first one, and is done once", async () => {
  const { under, raw } = await openStore();
  await under(settings(a)).save(made("older"));
  await under(settings(null)).save(made("plain"));
  await under(settings(b)).save(made("newest"));
  await under(settings(b)).save({ ...made("open"), settings: { id: "open", context_id: "CTX" } });
  const keys = parseSecretKeys(`${b},${a}`);
  const rotation = await rotateSecrets({ store: raw, keys, names, encrypt: true });
  expect(rotation).toEqual({ changed: ["older", "plain"], unchanged: 2 });
  expect((await under(settings(b)).list()).map(({ id }) => id)).toEqual(["newest", "older", "open", "plain"]);
  expect(await rotateSecrets({ store: raw, keys, names, encrypt: true })).toEqual({
    changed: [],
    unchanged: 4,
  });
});

test("a rotation changes nothing when one secret cannot be opened", async () => {
  const { under, raw, text } = await openStore();
  await under(settings(null)).save(made("plain"));
  await under(settings(a)).save(made("sealed"));
  const before = await text();
  const rotation = rotateSecrets({ store: raw, keys: parseSecretKeys(b), names, encrypt: true });
  await expect(rotation).rejects.toEqual(withCode("SECRETS_KEY_MISSING"));
  expect(await text()).toBe(before);
});

test("a rotation with sealing switched off makes secrets plain again", async () => {
  const { under, raw } = await openStore();
  await under(settings(a)).save(made("one"));
  await rotateSecrets({ store: raw, keys: parseSecretKeys(a), names, encrypt: false });
  expect((await raw.get("one"))?.settings).toEqual(made("one").settings);
});

test("what somebody else changes during a rotation is kept and sealed, what they remove stays removed", async () => {
  const { under, raw } = await openStore();
  const older = under(settings(a));
  const changing = await older.save(made("changing"));
  await older.save(made("removed"));
  let first = true;
  const store = {
    ...raw,
    save: async (connector: StoredConnector) => {
      if (first) {
        first = false;
        await older.save({ ...changing, changedAt: 7 });
        await raw.remove("removed");
      }
      return raw.save(connector);
    },
  };
  const keys = parseSecretKeys(`${b},${a}`);
  expect((await rotateSecrets({ store, keys, names, encrypt: true })).changed).toEqual(["changing"]);
  expect(await under(settings(b)).list()).toEqual([{ ...made("changing"), version: 3, changedAt: 7 }]);
});

test("the status of secrets counts them by key and names what cannot be opened", async () => {
  const { under, raw } = await openStore();
  await under(settings(a)).save(made("sealed"));
  await under(settings(null)).save(made("plain"));
  await under(settings(null)).save({ ...made("none"), settings: { id: "none" } });
  const id = parseSecretKeys(a).sealing.id;
  expect(await secretRecords(raw, parseSecretKeys(b), names)).toEqual([
    { connectorId: "plain", plain: 3, sealed: [], problem: null },
    {
      connectorId: "sealed",
      plain: 0,
      sealed: [{ keyId: id, secrets: 3 }],
      problem: expect.objectContaining({ code: "SECRETS_KEY_MISSING" }),
    },
  ]);
});
