import type { SecretKeys } from "../../access/secrets/secret-key.ts";
import { type SecretRecord, secretRecords } from "../../access/secrets/secret-status.ts";
import type { SecretVault } from "../../access/secrets/secret-vault.ts";
import { secretKeys } from "../../config/mask-secrets.ts";
import type { ConnectorStore } from "../../state/record-stores.ts";
import { type Diagnosis, failure, fine, warning } from "./diagnosis.ts";

const area = "secrets";

/**
 * Whether the stored secrets are sealed with the current key and can be opened. `store` is the underlying one, with sealed records.
 */
export async function checkSecrets(store: ConnectorStore, vault: SecretVault): Promise<Diagnosis[]> {
  try {
    const keys = await vault.keys();
    const records = await secretRecords(store, keys, secretKeys());
    const found = [
      ...unreadable(records),
      ...plain(records, await vault.sealingKeys()),
      ...older(records, keys),
    ];
    return found.length > 0 ? found : [fine(area, summary(records, keys))];
  } catch (thrown) {
    return [failure(area, thrown)];
  }
}

function unreadable(records: readonly SecretRecord[]): Diagnosis[] {
  return records.flatMap(({ problem }) =>
    problem === null
      ? []
      : [{ area, level: "problem", message: problem.message, code: problem.code, fix: problem.hint }],
  );
}

function plain(records: readonly SecretRecord[], sealing: SecretKeys | null): Diagnosis[] {
  const ids = records.filter(({ plain }) => plain > 0).map(({ connectorId }) => connectorId);
  if (ids.length === 0) return [];
  const fix =
    sealing === null
      ? "set ENCRYPTION_KEY (`memory-connector secrets generate-key` makes one), then run `memory-connector secrets rotate`"
      : "run `memory-connector secrets rotate`";
  return [warning(area, `the secrets of ${ids.join(", ")} are not sealed`, fix)];
}

/** Secrets that only an older key opens. */
function older(records: readonly SecretRecord[], keys: SecretKeys | null): Diagnosis[] {
  const isOlder = ({ keyId }: { keyId: string }) =>
    keyId !== keys?.sealing.id && keys?.find(keyId) !== undefined;
  const ids = records.filter(({ sealed }) => sealed.some(isOlder)).map(({ connectorId }) => connectorId);
  if (ids.length === 0) return [];
  const fix = "run `memory-connector secrets rotate` before that key is removed";
  return [warning(area, `the secrets of ${ids.join(", ")} are sealed with an older key`, fix)];
}

function summary(records: readonly SecretRecord[], keys: SecretKeys | null): string {
  if (records.length === 0) return "the state store holds none";
  return `all are sealed with the key ${keys?.sealing.id}`;
}
