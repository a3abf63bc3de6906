import { pathText } from "../kernel/settings/path.ts";
import { originOf } from "../kernel/util/url.ts";
import type { Origins } from "./input/origin.ts";
import type { PlacedProblem } from "./input/placed-problem.ts";
import { getIn, setIn } from "./input/tree.ts";
import { declaredSettings } from "./schema/settings.ts";

/** Settings in which flags or variables have taken the place of the file's. */
export interface Overridden {
  tree: unknown;
  origins: Origins;
}

/**
 * Secrets of the file beside an address that was overridden stay behind when the new address is of another origin: they were given for
 * the file's. One secret that comes with the address settles it for the others. `written` is the file's tree.
 */
export function leaveSecretsBehind(
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
