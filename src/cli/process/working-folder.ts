import { ConnectorError } from "../../kernel/errors/connector-error.ts";

/** Throws `WORKING_FOLDER_GONE`. */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch (cause) {
    throw new ConnectorError("WORKING_FOLDER_GONE", "the folder in which this runs does not exist any more", {
      cause,
    });
  }
}
