import type { memoryEntities } from "../../src/operations/memories/memory-entities.ts";
import type { Answer } from "../api/endpoint.ts";
import { addressOf } from "../shell/router.ts";
import { counted } from "../words/numbers.ts";
import { withoutTags } from "../words/text.ts";
import { EntityShape } from "./entity-shape.tsx";

export type Entity = Answer<typeof memoryEntities>["entities"][number];

export const entityAddress = (name: string, connectorId: string | undefined): string =>
  addressOf(["graph"], { entity: name, connector: connectorId });

/** Entities of the graph, each a way to what stands near it. */
export function EntityList({
  entities,
  connectorId,
}: {
  entities: readonly Entity[];
  connectorId?: string | undefined;
}) {
  return (
    <ul>
      {entities.map(({ name, type, descriptions, memoryIds }) => (
        <li key={name} class="ent">
          <EntityShape type={type} />
          <span>
            <a href={entityAddress(name, connectorId)}>{name}</a> <span class="muted small">{type}</span>
            <br />
            <span class="small soft">{descriptions[0] && withoutTags(descriptions[0])}</span>
          </span>
          <span class="small muted nowrap">{counted(memoryIds.length, "memory", "memories")}</span>
        </li>
      ))}
    </ul>
  );
}
