import { statSync } from "node:fs";
import { ConnectorError } from "../kernel/errors/connector-error.ts";

/**
 * Whether the file of an open state is still where it was opened. A process that has it open goes on reading and writing a file that was
 * moved, removed or replaced, and all of that is lost with the process.
 */
export class FilePlace {
  readonly #path: string;
  readonly #isWrittenWhole: boolean;
  #known: string | null = null;

  /** `isWrittenWhole`: the file is only ever written by `note`d replacements, so that its time and size tell, too. */
  constructor(path: string, { isWrittenWhole }: { isWrittenWhole: boolean }) {
    this.#path = path;
    this.#isWrittenWhole = isWrittenWhole;
    this.note();
  }

  /** What lies there now is the state, or nothing does yet. */
  note(): void {
    this.#known = this.#look();
  }

  /** Throws `STATE_MOVED`. */
  require(): void {
    const found = this.#look();
    if (found === this.#known) return;
    const what = found === null ? "is not there any more" : "was replaced by another file";
    throw new ConnectorError("STATE_MOVED", `${this.#path} ${what}`, { subject: this.#path });
  }

  #look(): string | null {
    try {
      const { dev, ino, mtimeNs, size } = statSync(this.#path, { bigint: true });
      // The number of a file is given again only when nobody has it open any more.
      return [dev, ino, ...(this.#isWrittenWhole ? [mtimeNs, size] : [])].join(" ");
    } catch {
      return null;
    }
  }
}
