/** Settings as they are sent. */
export type Tree = Readonly<Record<string, unknown>>;

export function valueAt(tree: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isTree(at) ? at[key] : undefined), tree);
}

/** The tree with another value at a path. `undefined` takes the key away, and groups that become empty with it. */
export function withValueAt(tree: Tree, [key, ...rest]: readonly string[], value: unknown): Tree {
  if (key === undefined) return tree;
  const { [key]: old, ...others } = tree;
  const inner = rest.length === 0 ? value : withValueAt(isTree(old) ? old : {}, rest, value);
  const isGone = inner === undefined || (rest.length > 0 && isTree(inner) && Object.keys(inner).length === 0);
  return isGone ? others : { ...tree, [key]: inner };
}

export interface SettingChange {
  /** `schedule.interval_hours` */
  path: string;
  before: unknown;
  after: unknown;
}

/** What differs between two trees, by the deepest paths. */
export function changesBetween(before: Tree, after: Tree, at: readonly string[] = []): SettingChange[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(before[key], after[key], [...at, key]));
}

function differences(before: unknown, after: unknown, path: readonly string[]): SettingChange[] {
  if (isGroup(before) && isGroup(after) && before !== after)
    return changesBetween(before ?? {}, after ?? {}, path);
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path: path.join("."), before, after }];
}

/** A group that is not there is an empty one. */
const isGroup = (value: unknown): value is Tree | undefined => value === undefined || isTree(value);

export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);
