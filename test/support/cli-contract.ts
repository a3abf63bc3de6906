import { commands } from "../../src/cli/commands.ts";

/** Parses what a command printed and holds it against the contract that the documentation prints. */
export function contractual(name: string, out: string): never {
  const [first, second] = name.split(" ");
  const top = commands.find((command) => command.name === first);
  const spec = second === undefined ? top : top?.children?.find((child) => child.name === second);
  if (spec?.json === undefined) throw new Error(`${name} promises no JSON`);
  return spec.json.parse(JSON.parse(out)) as never;
}
