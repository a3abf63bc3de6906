import type { Path } from "../../kernel/settings/path.ts";
import { isMap } from "../../kernel/settings/rules.ts";

/** Undefined where the tree has no value. */
export function getIn(tree: unknown, path: Path): unknown {
  return path.reduce(childValue, tree);
}

function childValue(value: unknown, segment: string | number): unknown {
  if (Array.isArray(value)) return value[Number(segment)];
  return isMap(value) && Object.hasOwn(value, segment) ? value[segment] : undefined;
}

/**
 * A copy with a new value at the path; missing maps and lists are created. If the path runs through a plain value, the tree is
 * unchanged and fails validation.
 */
export function setIn(tree: unknown, path: Path, value: unknown): unknown {
  const [segment, ...rest] = path;
  if (segment === undefined) return value;
  const child = setIn(childValue(tree, segment), rest, value);
  if (typeof segment === "number") {
    if (tree !== undefined && !Array.isArray(tree)) return tree;
    const items: readonly unknown[] = tree ?? [];
    return segment < items.length ? items.with(segment, child) : [...items, child];
  }
  if (tree !== undefined && !isMap(tree)) return tree;
  return Object.fromEntries([
    ...Object.entries(tree ?? {}).filter(([key]) => key !== segment),
    [segment, child],
  ]);
}

/** A copy of a tree with every plain value replaced. */
export function mapValues(
  tree: unknown,
  replace: (value: unknown, path: Path) => unknown,
  path: Path = [],
): unknown {
  if (Array.isArray(tree)) return tree.map((item, index) => mapValues(item, replace, [...path, index]));
  if (!isMap(tree)) return replace(tree, path);
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [key, mapValues(value, replace, [...path, key])] as const),
  );
}

/** The paths in a tree that match a pattern. */
export function placesOf(pattern: readonly string[], tree: unknown): Path[] {
  return pattern.reduce<Path[]>(
    (places, segment) =>
      places.flatMap((place) => {
        if (segment !== "[]") return [[...place, segment]];
        const items = getIn(tree, place);
        return Array.isArray(items) ? items.map((_, index) => [...place, index]) : [];
      }),
    [[]],
  );
}
