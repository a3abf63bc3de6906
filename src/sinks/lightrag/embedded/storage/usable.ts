import { constants, existsSync } from "node:fs";
import { access, readdir } from "node:fs/promises";
import { dirname } from "node:path";
import { folderError } from "./folder-errors.ts";

/** Whether the folder, or the one in which it is to be made, may be written. Throws `DIRECT_FOLDER_UNUSABLE`. */
export async function checkUsable(path: string): Promise<void> {
  const nearest = existing(path);
  try {
    await readdir(nearest);
    await access(nearest, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw folderError(error, nearest);
  }
}

function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path));
}
