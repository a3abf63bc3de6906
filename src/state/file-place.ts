import { statSync } from "node:fs";
import { ConnectorError } from "../kernel/errors/connector-error.ts";

/**
 * Detects that the file of an open state was moved, removed or replaced. The process would go on reading and writing the old file,
 * and all of that would be lost with it.
 */
export class FilePlace {
  readonly #path: string;
  readonly #isWrittenWhole: boolean;
  #known: string | null = null;

  /** `isWrittenWhole`: the file is only ever replaced as a whole and `note`d, so that its time and size count, too. */
  constructor(path: string, { isWrittenWhole }: { isWrittenWhole: boolean }) {
    this.#path = path;
    this.#isWrittenWhole = isWrittenWhole;
    this.note();
  }

  /** Records the file at the path as the state's; it may not exist yet. */
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
      // An inode number is reused only after the file is closed everywhere.
      return [dev, ino, ...(this.#isWrittenWhole ? [mtimeNs, size] : [])].join(" ");
    } catch {
      return null;
    }
  }
}
