import { type Path, pathText } from "../../kernel/settings/path.ts";
import { placesOf } from "../input/tree.ts";
import { declaredSettings } from "./settings.ts";

/** The paths at which a settings tree may hold secrets, without duplicates; not all have to exist. */
export function secretPlaces(tree: unknown): Path[] {
  const patterns = new Map(
    declaredSettings()
      .filter(({ facts }) => facts.secret)
      .map(({ pattern }) => [pathText(pattern), pattern]),
  );
  return [...patterns.values()].flatMap((pattern) => placesOf(pattern, tree));
}
