import { expect, test } from "vitest";
import { PlayedUnits, type RemoteTables } from "./played-tables.ts";

/** A table of records far away that keeps what was asked of it. */
function remote() {
  const records = new Map<string, unknown>();
  const asked: string[] = [];
  const table = {
    get: async (_: unknown, collection: string, id: string) => {
      asked.push(`get ${collection} ${id}`);
      return records.get(id);
    },
    save: async (_: unknown, collection: string, id: string, record: unknown) => {
      asked.push(`save ${collection} ${id}`);
      if (id === "refused") throw new Error("refused");
      records.set(id, record);
    },
  };
  const units = new PlayedUnits({ records: table } as unknown as RemoteTables);
  const client = { query: async () => ({ rows: [] }) };
  return { asked, units, table: units.tables.records, play: <T>(unit: () => T) => units.play(client, unit) };
}

test("a unit that reads, decides and writes does each once, in its order, and sees what it wrote", async () => {
  const { asked, table, play } = remote();
  const count = () =>
    play(() => {
      const before = Number(table.get("budget", "a") ?? 0);
      table.save("budget", "a", before + 1);
      return [before, table.get("budget", "a")];
    });
  expect(await count()).toEqual([0, 1]);
  expect(await count()).toEqual([1, 2]);
  expect(asked).toEqual([
    "get budget a",
    "save budget a",
    "get budget a",
    ...["get budget a", "save budget a", "get budget a"],
  ]);
});

test("what the unit or one of its operations throws ends it", async () => {
  const { asked, table, play } = remote();
  const refused = play(() => {
    table.save("budget", "refused", 1);
    table.save("budget", "after", 1);
  });
  await expect(refused).rejects.toThrow("refused");
  const thrown = play(() => {
    table.get("budget", "a");
    throw new Error("by itself");
  });
  await expect(thrown).rejects.toThrow("by itself");
  expect(asked).toEqual(["save budget refused", "get budget a"]);
});

test("units that are played at the same time do not mix their answers", async () => {
  const { table, play } = remote();
  const put = (id: string) =>
    play(() => {
      table.save("budget", id, id);
      return table.get("budget", id);
    });
  expect(await Promise.all(["a", "b", "c"].map(put))).toEqual(["a", "b", "c"]);
});

test("a unit that is not the same when it is played again is found out", async () => {
  const { asked, table, play } = remote();
  let random = 0;
  const unit = play(() => {
    table.save("budget", `a${random++}`, 1);
    return table.get("budget", "a0");
  });
  await expect(unit).rejects.toThrow("asks for save this time");
  expect(asked).toEqual(["save budget a0"]);
});
