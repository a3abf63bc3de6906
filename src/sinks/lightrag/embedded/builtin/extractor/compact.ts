import type { Extraction } from "../../models/models.ts";

/** Says each thing once: equal entities are dropped, and the keywords that one sentence gives a pair are joined. */
export function compact({ entities, relations }: Extraction): Extraction {
  const said = new Map(entities.map((entity) => [`${entity.name}\n${entity.description}`, entity]));
  const joined = new Map<string, (typeof relations)[number]>();
  for (const relation of relations) {
    const pair = [relation.source, relation.target].sort().join("\n");
    const key = `${pair}\n${relation.description}`;
    const known = joined.get(key);
    const keywords = [...(known?.keywords.split(", ") ?? []), ...relation.keywords.split(", ")];
    joined.set(key, { ...(known ?? relation), keywords: [...new Set(keywords)].join(", ") });
  }
  return { entities: [...said.values()], relations: [...joined.values()] };
}
