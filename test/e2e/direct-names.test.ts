import { expect, test } from "vitest";
import { awkwardNames } from "../support/awkward-names.ts";
import { startDirectWorld } from "../support/direct-world.ts";
import { makeApiMemories } from "../support/memory-api-data.ts";

/** What LightRAG stores of these names as they are; the others of the list it changes first (trims, cuts, drops). */
const names = awkwardNames.filter(
  (name) => /^[\p{L}\p{N}_<>-]{3,256}$/u.test(name) && !/^\d{1,2}$/u.test(name) && name !== "<SEP>",
);

test("names that every plain object has are entities with all their relations, through a sync and look-ups both ways", async () => {
  const world = await startDirectWorld();

  world.model.faults = { say: ({ kind }) => (kind === "extraction" ? everyPair() : "<|COMPLETE|>") };
  const [kept, other] = makeApiMemories(2);
  if (kept === undefined || other === undefined) throw new Error("two memories were asked for");
  world.source.put("CTX", { ...kept, id: "constructor" }, { ...other, id: "__proto__" });
  expect(await world.sync()).toMatchObject({ code: 0, runs: [{ counts: { processed: 2 } }] });
  for (const name of names) {
    const { out } = await world.cli("graph", "--entity", name, "--json");
    expect(JSON.parse(out), name).toMatchObject({ entity: { name } });
    expect(JSON.parse(out).relations, name).toHaveLength(neighboursOf(name));
  }
  const view = await world.cli("graph", "--memory", "__proto__", "--json");
  expect(JSON.parse(view.out).entities.length).toBeGreaterThanOrEqual(names.length);
});

/** A line of names, each tied to the next. */
function everyPair(): string {
  const rows = names
    .slice(1)
    .map((name, index) => ["relation", names[index], name, `${name},tie`, `Tied to ${name}.`]);
  const entities = names.map((name) => ["entity", name, "thing", `About ${name}.`]);
  return [...entities, ...rows].map((row) => row.join("<|#|>")).join("\n");
}

function neighboursOf(name: string): number {
  return name === names[0] || name === names.at(-1) ? 1 : 2;
}

test.each(["json", "sqlite"] as const)(
  "connectors, contexts, memories and tags of such names are delivered, counted and shown by each command (%s)",
  async (backend) => {
    const world = await startDirectWorld();
    const contexts = ["__proto__", "toString", "1", "10"];
    const ids = ["constructor", "__proto__", "hasOwnProperty", "2", "10", "1"];
    world.configure({
      state: { backend, path: `./state.${backend}` },
      connector: {
        id: "constructor",
        context_id: undefined,
        context_ids: contexts,
        transformation: { strategy: "rich", extract_tags: true },
      },
    });
    const [memory] = makeApiMemories(1);
    for (const context of contexts) {
      const named = (id: string) => ({
        ...memory,
        id,
        tags: ids,
        transcript: `${id}: ${id} met ${context}.`,
      });
      world.source.put(context, ...ids.map((id) => ({ created_at: "2026-01-01T00:00:00Z", ...named(id) })));
    }
    const count = contexts.length * ids.length;
    expect(await world.sync()).toMatchObject({ code: 0, runs: [{ counts: { processed: count, dead: 0 } }] });
    expect((await world.sync()).runs[0]).toMatchObject({ counts: { unchanged: count, submitted: 0 } });
    const status = await world.cli("status", "--json");
    expect(status.out).toContain('"constructor"');
    expect(status.out).toMatch(new RegExp(`"processed": ?${count}`, "u"));
    for (const id of ids) expect((await world.cli("graph", "--memory", id)).code).toBe(0);
    expect((await world.cli("reconcile", "--json")).code).toBe(0);
    expect((await world.cli("export", "./archive.tar.gz")).code).toBe(0);
  },
);
