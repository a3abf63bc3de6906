import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { AuditLog } from "../../access/audit/audit-log.ts";
import { SecretVault } from "../../access/secrets/secret-vault.ts";
import type { Config } from "../../config/config.ts";
import { maskSecrets } from "../../config/mask-secrets.ts";
import type { ReadConfig } from "../../config/read-config.ts";
import { isConnectorError } from "../../kernel/errors/connector-error.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { readableBytes } from "../../kernel/util/readable.ts";
import { capabilitiesOf, openSnapshot, openState, type StatePlace } from "../../state/open-state.ts";
import { version } from "../../version.ts";
import { checkConfiguration } from "./check-configuration.ts";
import { lookAtDatabase } from "./check-database.ts";
import { checkPermissions, privateFiles } from "./check-permissions.ts";
import { checkSecrets } from "./check-secrets.ts";
import { checkAudit, checkSchedulers, checkState } from "./check-state.ts";
import { type Diagnosis, failure, fine, problem, warning } from "./diagnosis.ts";

/** The checks that need neither network nor a readable state. */
export async function checkMachine(read: ReadConfig): Promise<Diagnosis[]> {
  const { config, files } = read;
  const { localPath } = config.state;
  const indexFolders = directFolders(config);
  const places = { statePath: localPath, logPath: config.logging.file?.path ?? null, indexFolders };
  return [
    checkVersions(),
    ...checkConfiguration(read),
    ...(await checkPermissions([...files, ...(await privateFiles(places))])),
    ...(await stateChecks(config, indexFolders)),
    ...(await checkDisk([dirname(localPath), ...indexFolders])),
  ];
}

export function checkVersions(): Diagnosis {
  return checkNode(process.versions.node, version);
}

async function stateChecks(
  { state: place, advanced }: Config,
  indexFolders: readonly string[],
): Promise<Diagnosis[]> {
  try {
    const isFile = capabilitiesOf(place.backend).file;
    if (isFile) await requireWhole(place);
    const state = await openState({ ...place, readOnly: true });
    try {
      return [
        ...(await lookAtDatabase(place)),
        ...(isFile ? await checkState(state, place.path) : [fine("state", `${state.location} opens`)]),
        ...(await checkSchedulers(state, indexFolders)),
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

/**
 * Checks the whole file: opening checks a large state only where it is touched. A missing state is fine. Throws `STATE_CORRUPT`.
 */
async function requireWhole(place: StatePlace): Promise<void> {
  try {
    await (await openSnapshot(place)).close();
  } catch (thrown) {
    if (!isConnectorError(thrown, "STATE_MISSING")) throw thrown;
  }
}

function directFolders({ connectors }: Config): string[] {
  return connectors.flatMap(({ lightrag }) =>
    lightrag.mode === "direct" ? [lightrag.direct.workingDir] : [],
  );
}

/** As in `package.json`. */
const oldestMajor = 24;

/** `running` is the Node.js version without the `v`, `ours` the program's. */
export function checkNode(running: string, ours: string): Diagnosis {
  const message = `memory-connector ${ours} on Node.js ${running}`;
  if (Number.parseInt(running, 10) >= oldestMajor) return fine("versions", message);
  return problem("versions", message, `install Node.js ${oldestMajor} or a later one`);
}

/** Enough for a write-ahead log and a copy of a small state. */
const scarceBytes = 1_000_000_000;
const tooLittleBytes = 50_000_000;

type FreeBytes = (folder: string) => Promise<number>;

/** Free disk space of these folders. A missing folder counts as its parent. */
export async function checkDisk(
  folders: readonly string[],
  freeBytes: FreeBytes = availableBytes,
): Promise<Diagnosis[]> {
  return Promise.all([...new Set(folders)].map((folder) => checkFolder(folder, freeBytes)));
}

async function checkFolder(folder: string, freeBytes: FreeBytes): Promise<Diagnosis> {
  try {
    const free = await freeBytes(folder);
    const message = `${readableBytes(free)} free for ${folder}`;
    const fix = "make room on this disk, or move the folder";
    if (free < tooLittleBytes) return problem("disk", message, fix);
    return free < scarceBytes ? warning("disk", message, fix) : fine("disk", message);
  } catch (thrown) {
    return failure("disk", thrown);
  }
}

/** Space available to unprivileged users. */
async function availableBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (thrown) {
    const isMissing = thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT";
    if (!isMissing || dirname(folder) === folder) throw thrown;
    return availableBytes(dirname(folder));
  }
}
