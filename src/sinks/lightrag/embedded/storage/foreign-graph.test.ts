import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../../../test/support/temp-folder.ts";
import { Folder } from "./folder.ts";

const names = ["__proto__", "constructor", "toString", "valueOf", "10", "9"];

/** As networkx writes the graph of a LightRAG server: a chain of names, and one edge whose attributes have such names too. */
const graphMl = `<?xml version='1.0' encoding='utf-8'?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
<key id="d0" for="node" attr.name="entity_id" attr.type="string"/>
<key id="constructor" for="node" attr.name="description" attr.type="string"/>
<key id="__proto__" for="edge" attr.name="weight" attr.type="double"/>
<key id="d3" for="edge" attr.name="__proto__" attr.type="string"/>
<graph edgedefault="undirected">
${names.map((name) => `<node id="${name}"><data key="d0">${name}</data><data key="constructor">About ${name}</data></node>`).join("\n")}
${names
  .slice(1)
  .map(
    (name, index) =>
      `<edge source="${names[index]}" target="${name}"><data key="__proto__">2.0</data><data key="d3">x</data></edge>`,
  )
  .join("\n")}
</graph></graphml>`;

test("a graph that a LightRAG server wrote with such names opens, is right, and is written again as it was", async () => {
  const path = temporaryFolder();
  writeFileSync(join(path, "graph_chunk_entity_relation.graphml"), graphMl);
  const embedding = { id: "test", dimension: 4 };
  for (let life = 0; life < 2; life++) {
    const folder = await Folder.open(path, embedding);
    const { graph } = folder.stores;
    expect([...graph.names()]).toEqual(names);
    expect(graph.edgeCount).toBe(names.length - 1);
    for (const [index, name] of names.entries()) {
      expect(graph.entity(name)?.description).toBe(`About ${name}`);
      expect(graph.degree(name)).toBe(index === 0 || index === names.length - 1 ? 1 : 2);
    }
    expect(graph.relation("constructor", "__proto__")?.weight).toBe(2);
    const attributes = { ...(graph.relation("9", "10") ?? expect.fail("an edge is lost")), weight: 2 };
    await folder.commit([{ kind: "relation", source: "10", target: "9", attributes }]);
    await folder.close();
  }
});
