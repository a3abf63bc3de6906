import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { sealedConnectors } from "../../src/access/secrets/sealed-connector-store.ts";
import { inventoryOf } from "../../src/access/secrets/sealed-settings.ts";
import { newSecretKey, parseSecretKeys } from "../../src/access/secrets/secret-key.ts";
import { SecretVault } from "../../src/access/secrets/secret-vault.ts";
import { secretKeys } from "../../src/config/mask-secrets.ts";
import { openState, type StateBackend } from "../../src/state/open-state.ts";
import { startCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const connectors = 150;
const secretOf = (id: string) => `secret of ${id}`;

async function makeState(folder: string, backend: StateBackend, key: string): Promise<void> {
  const state = await openState({ backend, path: join(folder, "state") });
  const store = vaultedStore(state.connectors, key);
  const ids = Array.from({ length: connectors }, (_, index) => `c${index}`);
  await Promise.all(
    ids.map((id) => {
      const settings = { id, context_id: id, memory_api: { api_key: secretOf(id) } };
      return store.save({ id, version: 0, settings, createdAt: 1, changedAt: 1 });
    }),
  );
  await state.close();
}

function vaultedStore(store: Parameters<typeof sealedConnectors>[0], encryptionKey: string) {
  const settings = { encrypt: true, encryptionKey, keyCommand: null };
  return sealedConnectors(store, new SecretVault(() => settings), secretKeys());
}

/** Throws unless every secret can be read with these keys; how many records each key has sealed. */
async function lookAt(folder: string, backend: StateBackend, keys: string) {
  const state = await openState({ backend, path: join(folder, "state"), readOnly: true });
  try {
    const opened = await vaultedStore(state.connectors, keys).list();
    expect(opened.length).toBe(connectors);
    for (const { id, settings } of opened) expect(settings.memory_api).toEqual({ api_key: secretOf(id) });
    const raw = await state.connectors.list();
    const ids = raw.flatMap(({ settings }) => [...inventoryOf(settings).sealed.keys()]);
    return Map.groupBy(ids, (id) => id);
  } finally {
    await state.close();
  }
}

for (const backend of ["sqlite", "json"] as const) {
  test(`${backend}: a rotation that is killed again and again loses no secret, and the last one finishes`, async () => {
    const folder = temporaryFolder();
    const yaml = `memory_api: { url: "http://127.0.0.1:1" }\nstate: { backend: ${backend}, path: ./state }`;
    writeFileSync(join(folder, "config.yaml"), yaml);
    let [older, newer] = [newSecretKey(), newSecretKey()];
    await makeState(folder, backend, older);
    let caughtInTheMiddle = 0;
    for (let kill = 0; kill < 8; kill += 1) {
      const keys = `${newer},${older}`;
      const rotation = startCli(["secrets", "rotate"], folder, { ENCRYPTION_KEY: keys });
      onTestFinished(() => void rotation.kill("SIGKILL"));
      const exit = once(rotation, "exit");
      await begun();
      await Promise.race([delay(kill * 4), exit]);
      rotation.kill("SIGKILL");
      await exit;
      const byKey = await lookAt(folder, backend, keys);
      if (byKey.size === 2) caughtInTheMiddle += 1;
      // The next round rotates to yet another key only when this one had come to its end.
      if (byKey.size === 1 && byKey.has(parseSecretKeys(newer).sealing.id)) {
        [older, newer] = [newer, newSecretKey()];
      }

      async function begun(): Promise<void> {
        const target = parseSecretKeys(newer).sealing.id;
        const before = (await lookAt(folder, backend, keys)).get(target)?.length ?? 0;
        for (;;) {
          const now = (await lookAt(folder, backend, keys)).get(target)?.length ?? 0;
          if (now > before || rotation.exitCode !== null) return;
          await delay(10);
        }
      }
    }
    expect(caughtInTheMiddle).toBeGreaterThan(2);
    const last = startCli(["secrets", "rotate"], folder, { ENCRYPTION_KEY: `${newer},${older}` });
    const [code] = await once(last, "exit");
    expect(code).toBe(0);
    expect([...(await lookAt(folder, backend, newer)).keys()]).toEqual([parseSecretKeys(newer).sealing.id]);
  });
}
