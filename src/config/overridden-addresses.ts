import { pathText } from "../kernel/settings/path.ts";
import { originOf } from "../kernel/util/url.ts";
import type { Origins, PlacedProblem } from "./input/origin.ts";
import { getIn, setIn } from "./input/tree.ts";
import { declaredSettings } from "./schema/settings.ts";

/** Settings whose file values were replaced by flags or variables. */
export interface Overridden {
  tree: unknown;
  origins: Origins;
}

/**
 * Drops the file's secrets for an overridden address when the new address has another origin: they belong to the file's address. A
 * secret overridden together with the address settles it for the others. `written` is the file's tree.
 */
export function dropForeignSecrets(
  written: unknown,
  { tree, origins }: Overridden,
): { tree: unknown; problems: readonly PlacedProblem[] } {
  const moved = ownedSecrets().filter(({ path, address }) => {
    const [before, now] = [originOf(getIn(written, address)), originOf(getIn(tree, address))];
    const isKept = typeof getIn(tree, path) === "string" && !origins.has(pathText(path));
    return origins.has(pathText(address)) && before !== null && before !== now && isKept;
  });
  const unsettled = moved.filter(({ address }) => !isSettled(address, origins));
  const problems = unsettled.map(({ path, address }) => ({
    path,
    reason: `of the file is for ${originOf(getIn(written, address))}, and ${labelOf(address, origins)} leads to ${originOf(getIn(tree, address))}`,
    hint: 'give the key for that server as well, or "" when it asks for none',
  }));
  return { tree: moved.reduce((rest, { path }) => setIn(rest, path, undefined), tree), problems };
}

function ownedSecrets() {
  return declaredSettings().flatMap(({ pattern: path, facts: { belongsTo } }) =>
    belongsTo === undefined || path[0] === "connectors"
      ? []
      : [{ path, address: [...path.slice(0, -1), belongsTo] }],
  );
}

const isSettled = (address: readonly string[], origins: Origins): boolean =>
  ownedSecrets().some(
    ({ path, address: other }) => pathText(other) === pathText(address) && origins.has(pathText(path)),
  );

const labelOf = (address: readonly string[], origins: Origins): string =>
  origins.get(pathText(address))?.label ?? pathText(address);
