import { appendFile, chmod, readFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { ConnectorError } from "../kernel/errors/connector-error.ts";

/**
 * Adds variables to a file of variables, which is made when it is not there, for its owner alone. Those that it has already stay as
 * they are. Resolves to the names that were added, and to those that are there with another value. Throws `CONFIG_NOT_WRITTEN`.
 */
export async function addVariables(
  path: string,
  variables: Readonly<Record<string, string>>,
): Promise<{ added: string[]; different: string[] }> {
  try {
    const text = await readFile(path, "utf8").catch(nothingThere);
    const known = parseEnv(text);
    const names = Object.keys(variables);
    const added = names.filter((name) => known[name] === undefined);
    const different = names.filter((name) => known[name] !== undefined && known[name] !== variables[name]);
    const lines = added.map((name) => `${name}=${quoted(variables[name] ?? "")}\n`).join("");
    if (lines === "") return { added, different };
    await appendFile(path, `${text === "" || text.endsWith("\n") ? "" : "\n"}${lines}`, { mode: 0o600 });
    await chmod(path, 0o600);
    return { added, different };
  } catch (cause) {
    if (cause instanceof ConnectorError) throw cause;
    const message = `cannot write ${path}: ${(cause as Error).message}`;
    throw new ConnectorError("CONFIG_NOT_WRITTEN", message, { subject: path, cause });
  }
}

/** In the quotes that it does not hold itself. */
function quoted(value: string): string {
  if (/^[\w@%+=:,./~-]*$/u.test(value)) return value;
  const quote = ["'", '"', "`"].find(
    (each) => !value.includes(each) && !(each === '"' && value.includes("\\")),
  );
  if (quote === undefined || /[\r\n]/u.test(value))
    throw new ConnectorError(
      "CONFIG_NOT_WRITTEN",
      "a key with quotes of every kind or a line break cannot be written into .env",
      {
        hint: "set it as a variable of the environment",
      },
    );
  return `${quote}${value}${quote}`;
}

function nothingThere(error: NodeJS.ErrnoException): string {
  if (error.code !== "ENOENT") throw error;
  return "";
}
