import { printable } from "../kernel/util/terminal-text.ts";
import type { CliIo } from "./cli-io.ts";
import { layOut } from "./lay-out.ts";

/** Prints one line of a result that is worth having before the rest, as the text of a `CommandResult` is printed. */
export function printNow({ writeOut, columns }: Pick<CliIo, "writeOut" | "columns">, line: string): void {
  writeOut(`${layOut(printable(line), columns)}\n`);
}
