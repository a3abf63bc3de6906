import { dirname } from "node:path";
import { AuditLog } from "../../access/audit/audit-log.ts";
import { SecretVault } from "../../access/secrets/secret-vault.ts";
import type { Config } from "../../config/config.ts";
import { maskSecrets } from "../../config/mask-secrets.ts";
import type { ReadConfig } from "../../config/read-config.ts";
import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { openSnapshot, openState, type StatePlace } from "../../state/open-state.ts";
import { version } from "../../version.ts";
import { checkConfiguration } from "./check-configuration.ts";
import { checkDisk } from "./check-disk.ts";
import { checkNode } from "./check-node.ts";
import { checkPermissions } from "./check-permissions.ts";
import { checkSecrets } from "./check-secrets.ts";
import { checkAudit, checkState } from "./check-state.ts";
import { type Diagnosis, failure } from "./diagnosis.ts";
import { privateFiles } from "./private-files.ts";

/** What can be looked at without asking anybody, and without a state that opens. */
export async function checkMachine(read: ReadConfig): Promise<Diagnosis[]> {
  const { config, files } = read;
  const { path } = config.state;
  const indexFolders = directFolders(config);
  const places = { statePath: path, logPath: config.logging.file?.path ?? null, indexFolders };
  return [
    checkVersions(),
    ...checkConfiguration(read),
    ...(await checkPermissions([...files, ...(await privateFiles(places))])),
    ...(await stateChecks(config)),
    ...(await checkDisk([dirname(path), ...indexFolders])),
  ];
}

export function checkVersions(): Diagnosis {
  return checkNode(process.versions.node, version);
}

async function stateChecks({ state: { backend, path }, advanced }: Config): Promise<Diagnosis[]> {
  try {
    await requireWhole({ backend, path });
    const state = await openState({ backend, path, readOnly: true });
    try {
      return [
        ...(await checkState(state, path)),
        ...(await checkSecrets(state.connectors, new SecretVault(() => advanced.secrets))),
        await checkAudit(new AuditLog(state.audit, systemClock, maskSecrets)),
      ];
    } finally {
      await state.close();
    }
  } catch (thrown) {
    return [failure("state", thrown)];
  }
}

/** Opening looks at a large state only where it is touched. A state that is not there yet is fine. Throws `STATE_CORRUPT`. */
async function requireWhole(place: StatePlace): Promise<void> {
  try {
    (await openSnapshot(place)).close();
  } catch (thrown) {
    if (!isConnectorError(thrown, "STATE_MISSING")) throw thrown;
  }
}

function directFolders({ connectors }: Config): string[] {
  return connectors.flatMap(({ lightrag }) =>
    lightrag.mode === "direct" ? [lightrag.direct.workingDir] : [],
  );
}
