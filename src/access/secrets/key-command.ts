import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";

/** A key service on the other side of the world answers within this. Milliseconds. */
const timeoutMs = 10_000;
/** Hundreds of keys. */
const maxBytes = 16 * 1024;

/**
 * What a command prints on standard output. It is started without a shell, gets the environment of this process and nothing on standard
 * input. Throws `SECRETS_KEY_COMMAND`, which never quotes what it printed.
 */
export async function readKeyCommand(command: readonly string[], limitMs = timeoutMs): Promise<string> {
  const [program = "", ...args] = command;
  const running = promisify(execFile)(program, args, {
    timeout: limitMs,
    killSignal: "SIGKILL",
    maxBuffer: maxBytes,
    windowsHide: true,
  });
  running.child.stdin?.end();
  try {
    return (await running).stdout;
  } catch (thrown) {
    const message = `the command for the encryption key, ${program}, ${reasonOf(thrown as CommandFailure, limitMs)}`;
    throw new ConnectorError("SECRETS_KEY_COMMAND", message, { subject: program });
  }
}

interface CommandFailure {
  /** An exit code, or the name of what went wrong. */
  code?: number | string | null;
  killed?: boolean;
  signal?: string | null;
}

function reasonOf({ code, killed, signal }: CommandFailure, limitMs: number): string {
  if (code === "ENOENT") return "does not exist";
  if (code === "EACCES") return "may not be run by this user";
  if (code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return `printed more than ${maxBytes} bytes`;
  if (killed) return `did not end within ${limitMs / 1000} s`;
  if (typeof code === "number") return `ended with exit code ${code}`;
  return signal ? `was ended by ${signal}` : `could not be run (${code ?? "unknown reason"})`;
}
