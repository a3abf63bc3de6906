import { describe, expect, test } from "vitest";
import { runCli } from "../support/cli.ts";
import { startDirectWorld } from "../support/direct-world.ts";

interface Said {
  id: string;
  at: string;
  words: string;
  where?: [lat: number, lon: number];
}

const lisbon: [number, number] = [38.71, -9.14];
const berlin: [number, number] = [52.52, 13.4];

/** Each of them answers "What did we eat?" as well as the next one. */
const said: readonly Said[] = [
  {
    id: "june-lisbon",
    at: "2025-06-10T19:00:00Z",
    words: "We ate sardines with Ines Costa. #dinner",
    where: lisbon,
  },
  {
    id: "june-berlin",
    at: "2025-06-20T19:00:00Z",
    words: "We ate noodles with Ines Costa. #dinner",
    where: berlin,
  },
  {
    id: "july-lisbon",
    at: "2025-07-10T19:00:00Z",
    words: "We ate octopus with Rui Alves. #lunch",
    where: lisbon,
  },
  { id: "nowhere", at: "2025-07-20T19:00:00Z", words: "We ate pancakes with Rui Alves." },
];

interface Source {
  memoryId: string;
  connectorId: string;
  contextId: string;
  recordedAt: string;
  place: string | null;
  snippet: string;
  page: string;
}

const rich = { strategy: "rich", geocoding: true, extract_tags: true };

async function startAskedWorld(transformation: object = rich) {
  const world = await startDirectWorld();
  world.configure({ connector: { transformation } });
  for (const { id, at, words, where } of said) {
    const [location_lat, location_lon] = where ?? [null, null];
    const item = { id, type: "record", audio: false, image: false, transcript: words, created_at: at };
    world.source.put("CTX", { ...item, location_lat, location_lon } as never);
  }
  const { code, err } = await world.sync();
  expect(code, err).toBe(0);
  const seen: string[] = [];
  world.model.faults.say = (call) => {
    if (!call.shown.includes("recorded memories")) return undefined;
    seen.push(call.shown);
    return "Something [1].";
  };
  const ask = async (...args: string[]) => {
    seen.length = 0;
    const { code, out, err } = await runCli(["query", "What did we eat?", ...args, "--json"], {
      cwd: world.folder,
    });
    return { code, err, answer: JSON.parse(out || "{}") };
  };
  return { ...world, ask, seen };
}

const everywhere = (answer: object) =>
  said.filter(({ id }) => JSON.stringify(answer).includes(`${id}@`)).map(({ id }) => id);

describe("with a filter a question is answered from the memories that pass, and from nothing else", () => {
  test("by time, place, person and tag, each alone and all together", async () => {
    const { ask, seen } = await startAskedWorld();
    const cases: [args: string[], ids: string[]][] = [
      [
        ["--since", "2025-07-01"],
        ["july-lisbon", "nowhere"],
      ],
      [
        ["--until", "2025-06-30"],
        ["june-lisbon", "june-berlin"],
      ],
      [
        ["--since", "2025-06-15", "--until", "2025-07-15"],
        ["june-berlin", "july-lisbon"],
      ],
      [
        ["--near", "Lisbon"],
        ["june-lisbon", "july-lisbon"],
      ],
      [
        ["--near", "lisbon, portugal", "--radius-km", "2000"],
        ["june-lisbon", "july-lisbon"],
      ],
      [
        ["--near", "38.7,-9.1", "--radius-km", "2500"],
        ["june-lisbon", "june-berlin", "july-lisbon"],
      ],
      [
        ["--person", "ines costa"],
        ["june-lisbon", "june-berlin"],
      ],
      [
        ["--tag", "#Dinner"],
        ["june-lisbon", "june-berlin"],
      ],
      [["--place", "germany"], ["june-berlin"]],
      [["--person", "Rui Alves", "--near", "Lisbon", "--since", "2025-07-01"], ["july-lisbon"]],
    ];
    for (const [args, ids] of cases) {
      const { code, err, answer } = await ask(...args);
      expect(code, `${args.join(" ")} ${err}`).toBe(0);
      expect(everywhere(answer).toSorted(), args.join(" ")).toEqual(ids.toSorted());
      const words = said.flatMap(({ id, words }) =>
        ids.includes(id) ? [] : [words.split(" ")[2] as string],
      );
      for (const word of words) {
        expect(seen.join("\n"), args.join(" ")).not.toContain(word);
        expect(JSON.stringify(answer), args.join(" ")).not.toContain(word);
      }
      expect(seen).toHaveLength(1);
      expect(answer.note).toBe("Only memories that pass the filter were searched.");
    }
  });

  test("the answer names each memory with its connector, context, time, place, words and page", async () => {
    const { ask } = await startAskedWorld();
    const { answer } = await ask("--near", "Lisbon", "--until", "2025-06-30");
    expect(answer.answer.text).toBe("Something [1].");
    expect(answer.sources as Source[]).toEqual([
      {
        memoryId: "june-lisbon",
        connectorId: "c",
        contextId: "CTX",
        recordedAt: "2025-06-10T19:00:00.000Z",
        local: { date: "2025-06-10", time: "2025-06-10T19:00:00Z", timeZone: "UTC" },
        location: { lat: 38.71, lon: -9.14 },
        place: expect.stringContaining("Portugal"),
        snippet: expect.stringContaining("sardines"),
        fileSource: "june-lisbon@CTX.md",
        page: "memories/c/CTX/june-lisbon",
      },
    ]);
    expect(answer.near).toMatchObject({ town: "Lisbon, Lisbon, Portugal", radiusKm: 10 });
    expect(answer.near.others).toContain("Lisbon, Ohio, United States");
  });

  test("where no memory passes nobody is asked, and the answer says which settings would find more", async () => {
    const { ask, model, seen } = await startAskedWorld({ strategy: "standard" });
    const before = { ...model.calls };
    const { code, answer } = await ask("--person", "Ines Costa");
    expect(code).toBe(0);
    expect(answer).toMatchObject({ answer: null, sources: [], chunks: [], entities: [], relations: [] });
    expect(answer.note).toMatch(/^(?:No memory|There are memories for each of these, and none for all)/u);
    expect(answer.note).toContain("transformation.extract_tags");
    expect(seen).toEqual([]);
    expect(model.calls).toEqual(before);
  });

  test("what is merged of several memories is shown only where all of them pass", async () => {
    const { ask } = await startAskedWorld();
    const { answer } = await ask("--near", "Berlin");
    const ines = answer.entities.find(({ name }: { name: string }) => name === "Ines Costa");
    if (ines !== undefined) expect(ines).toMatchObject({ descriptions: [], memoryIds: ["june-berlin"] });
    for (const { fileSources } of [...answer.entities, ...answer.relations])
      expect(fileSources).toEqual(["june-berlin@CTX.md"]);
  });
});

test("without a filter nothing is said of one", async () => {
  const { ask } = await startAskedWorld();
  const { answer } = await ask();
  expect(everywhere(answer)).toHaveLength(4);
  expect([answer.note, answer.near]).toEqual([null, null]);
});
