import { type Path, pathText } from "../../kernel/settings/path.ts";
import { placesOf } from "../input/tree.ts";
import { declaredSettings } from "./settings.ts";

/** Where a tree of settings may hold secrets, each place once; not every one of them has to be there. */
export function secretPlaces(tree: unknown): Path[] {
  const patterns = new Map(
    declaredSettings()
      .filter(({ facts }) => facts.secret)
      .map(({ pattern }) => [pathText(pattern), pattern]),
  );
  return [...patterns.values()].flatMap((pattern) => placesOf(pattern, tree));
}
