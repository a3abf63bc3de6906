import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { followLinks, replaceWith } from "../../kernel/util/durable-file.ts";
import { fileBackend, type StatePlace } from "../../state/open-state.ts";
import { toStateError } from "../../state/state-error.ts";
import { sizeOf } from "../../state/state-files.ts";
import { requireNoFile } from "./new-file.ts";

export interface BackUpOptions {
  state: StatePlace;
  /** Where the copy goes. */
  file: string;
  /** Overwrite what lies there. */
  force: boolean;
}

/**
 * Copies the state file while others go on writing to it; the copy shows one moment, has been checked, and appears under its name when
 * it is whole. Resolves to its size in bytes. Throws `STATE_MISSING`, `STATE_CORRUPT`, `ARCHIVE_EXISTS` and what writing throws.
 */
export async function backUpState({ state: given, file, force }: BackUpOptions): Promise<number> {
  const state = { ...given, path: await followLinks(given.path) };
  await requireNoFile(file, force);
  if ((await sizeOf(state.path)) === null) {
    throw new ConnectorError("STATE_MISSING", `there is no state at ${state.path}`, { subject: state.path });
  }
  try {
    await replaceWith(file, (temporary) => fileBackend(state.backend).copy(state.path, temporary));
  } catch (thrown) {
    throw toStateError(thrown, "write", file);
  }
  return (await sizeOf(file)) ?? 0;
}
