import { mkdir } from "node:fs/promises";
import { join, parse } from "node:path";
import * as z from "zod";
import type { StateConfig } from "../../config/config.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { followLinks, replaceWith } from "../../kernel/util/durable-file.ts";
import { fileOf, type StatePlace } from "../../state/open-state.ts";
import { toStateError } from "../../state/state-error.ts";
import { sizeOf } from "../../state/state-files.ts";
import { newRunId } from "../../sync/run-options.ts";
import { fileOperation } from "../operation.ts";
import { countSchema } from "../runs/run-json.ts";
import { requireNoFile } from "./new-file.ts";

export const makeBackup = fileOperation({
  name: "state.back-up",
  tag: "Service",
  summary: "Copy the state file while it is being worked on",
  details:
    "The copy is a state of the same backend, shows one moment, and has been checked. Unless a file is named it goes to `state.backup_folder`, " +
    "under the time that it was made at. It holds what the state holds, secrets of connectors included, and is readable by its owner only.",
  access: "admin",
  input: z.strictObject({
    file: z.string().optional().describe("the copy; its absolute path"),
    force: z.boolean().default(false).describe("overwrite the file"),
  }),
  output: z.strictObject({ file: z.string(), bytes: countSchema }),
  errors: ["STATE_MISSING", "STATE_CORRUPT", "ARCHIVE_EXISTS"],
  changes: ["state.backup"],
  run: async ({ services, service, clock, record }, { file: given, force }) => {
    const { state } = services.configuration.config;
    const file = given ?? (await placeIn(state, clock.now()));
    const bytes = await backUpState({ state, file, force });
    // Users with access to the state files can copy them anyway: no audit entry, and no wait for the state's writer.
    if (service !== null) await record({ action: "state.backup", subject: null, after: { file, bytes } });
    return { file, bytes };
  },
});

/** A unique name in the backup folder, which is created for its owner only. */
async function placeIn({ path, backupFolder }: StateConfig, now: number): Promise<string> {
  const { name, ext } = parse(path);
  try {
    await mkdir(backupFolder, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw toStateError(thrown, "write", backupFolder);
  }
  return join(backupFolder, `${name}-${newRunId(now)}${ext}`);
}

interface BackUpOptions {
  state: StatePlace;
  /** Path of the copy. */
  file: string;
  /** Overwrite an existing file. */
  force: boolean;
}

/**
 * Copies the state file while other processes keep writing to it. The copy is a consistent snapshot, is verified, and appears under
 * its name when it is complete. Resolves to its size in bytes. Throws `STATE_MISSING`, `STATE_CORRUPT`, `ARCHIVE_EXISTS` and write
 * errors.
 */
export async function backUpState({ state: given, file, force }: BackUpOptions): Promise<number> {
  const { copy } = fileOf(given);
  const state = { ...given, path: await followLinks(given.path) };
  await requireNoFile(file, force);
  if ((await sizeOf(state.path)) === null) {
    throw new ConnectorError("STATE_MISSING", `there is no state at ${state.path}`, { subject: state.path });
  }
  try {
    await replaceWith(file, (temporary) => copy(state.path, temporary));
  } catch (thrown) {
    throw toStateError(thrown, "write", file);
  }
  return (await sizeOf(file)) ?? 0;
}
