import { describe, expect, test } from "vitest";
import { readAsFile } from "../../../test/support/listed-files.ts";

describe("a table", () => {
  test("as a German spreadsheet writes it", async () => {
    const { memories } = await readAsFile(
      "notes.csv",
      'id;date;time;text;lat;lon\r\nn1;01.03.2026;08:15;"Met Ada; at the ""river""\r\nsecond line";50,7374;7,0982\r\nn2;01.07.2026;08:15;Äpfel;;\r\n',
    );
    expect(memories).toMatchObject([
      { id: "n1", transcript: 'Met Ada; at the "river"\nsecond line', createdAt: "2026-03-01T07:15:00.000Z" },
      { id: "n2", createdAt: "2026-07-01T06:15:00.000Z", location: null },
    ]);
    expect(memories[0]?.location).toEqual({ lat: 50.7374, lon: 7.0982 });
  });

  test("without the names of its columns, with any delimiter, and with empty lines", async () => {
    const { memories } = await readAsFile("n.csv", "a#2026-03-01#x\n\n\nb#2026-03-02#y#\n", {
      header: false,
      delimiter: "#",
      map: { id: "1", time: "2", text: "3" },
    });
    expect(memories.map(({ id, transcript }) => id + transcript)).toEqual(["ax", "by"]);
  });

  test("says its delimiter in its first line, as Excel does", async () => {
    expect((await readAsFile("n.csv", "sep=|\nid|at|text\na|2026-03-01|x;y,z\n")).texts).toEqual(["x;y,z"]);
  });

  test.each([
    ["a quote that is not closed", 'b,2026-03-01,"lost', "followed by something else"],

    ["a quote that is closed too early", 'b,2026-03-01,"lo"st', "followed by something else"],
    ["more fields than columns", "b,2026-03-01,x,y", "it has 4 fields, and the first line names 3"],
  ])("%s costs its own line alone", async (_, bad, said) => {
    const rows = (from: number) =>
      Array.from({ length: 50 }, (_, n) => `r${from + n},2026-03-01,"says ""${n}"",\nso"`).join("\n");
    const { ids, problems, truncated } = await readAsFile(
      "n.csv",
      `id,at,text\n${rows(0)}\n${bad}\n${rows(50)}\n`,
    );
    expect(ids).toHaveLength(100);
    expect(problems).toEqual([expect.stringContaining(said)]);
    expect(problems[0]).toMatch(/^line 102 of n.csv/u);
    expect(truncated).toBeNull();
  });

  test("may name a column twice, and lack fields at the end of a row", async () => {
    const map = { id: "id", time: "at", text: ["text", "text (2)"] };
    const { texts } = await readAsFile("n.csv", "id,at,text,text\na,2026-03-01,x,y\nb,2026-03-01,z\n", {
      map,
    });
    expect(texts).toEqual(["x\ny", "z"]);
  });

  test("a quote that is never closed costs no row behind it", async () => {
    const rows = Array.from({ length: 12_000 }, (_, n) => `r${n},2026-03-01,x`).join("\n");
    const { ids, problems, truncated } = await readAsFile(
      "n.csv",
      `id,at,text\na,2026-03-01,"lost\n${rows}\n`,
    );
    expect([ids.length, problems]).toEqual([12_000, ["line 2 of n.csv: a quote in it is not closed"]]);
    expect(truncated).toBeNull();
  });

  test("a quote within a text is a quote", async () => {
    expect((await readAsFile("n.csv", 'id,at,text\na,2026-03-01,a 5" pipe\n')).texts).toEqual(['a 5" pipe']);
  });
});

describe("a JSON file", () => {
  const item = '{"id":"a","at":"2026-03-01","text":"x"}';

  test.each([
    ["the list itself", `[${item}]`, undefined],
    ["its first list", `{"v":[1],"m":{"notes":[${item}]},"z":[]}`, undefined],
    ["the list that is named", `{"first":[{"id":"n","at":"2026-03-01"}],"m":{"notes":[${item}]}}`, "m.notes"],
    ["an object on a line of its own", `${item}\n`, undefined],
  ])("is read: %s", async (_, text, items) => {
    const listing = await readAsFile("n.json", text, items === undefined ? {} : { items });
    expect([listing.ids, listing.truncated]).toEqual([["a"], null]);
  });

  test("without the list that is named is no empty list", async () => {
    expect(await readAsFile("n.json", `{"other":[${item}]}`, { items: "notes" })).toMatchObject({
      ids: [],
      truncated: expect.stringContaining("it has no list at notes"),
    });
  });

  test("with an item that is broken or too large shows the others", async () => {
    const large = JSON.stringify({ id: "l", at: "2026-03-01", text: "x".repeat(3000) });
    const { ids, problems } = await readAsFile(
      "n.json",
      `[${item},{"id":"b",,},${large},${item.replace("a", "c")}]`,
      {
        max_item_bytes: 2000,
      },
    );
    expect(ids).toEqual(["a", "c"]);
    expect(problems).toEqual([
      "item 2 of n.json: it is not JSON",
      expect.stringMatching(/^item 3 of n.json: it has \d+ bytes, more than 2000$/u),
    ]);
  });
});

describe("a field map", () => {
  const read = async (item: object, map: object = {}, more: object = {}) =>
    (await readAsFile("n.jsonl", `${JSON.stringify(item)}\n`, { map, ...more })).memories[0];

  test("leads into items, and joins what stands apart", async () => {
    const item = {
      nr: 7,
      when: { d: "01.03.2026", t: "08:15" },
      a: "Ada",
      b: ["x", "y"],
      "dotted.name": "T",
    };
    expect(
      await read(item, {
        id: "nr",
        time: ["when.d", "when.t"],
        text: ["a", "b"],
        title: "dotted.name",
        tags: "b",
      }),
    ).toMatchObject({
      id: "7",
      transcript: "Ada\nx\ny",
      title: "T",
      tags: ["x", "y"],
      createdAt: "2026-03-01T07:15:00.000Z",
    });
  });

  test("finds usual names in any letters", async () => {
    expect(
      await read({
        UUID: "u",
        Created_At: 1772349300,
        Body: "x",
        Labels: "a; #b",
        Speaker: "Ada",
        URL: "https://x.example/1",
      }),
    ).toMatchObject({
      id: "u",
      createdAt: "2026-03-01T07:15:00.000Z",
      tags: ["a", "b"],
      url: "https://x.example/1",
      segments: [{ speaker: "Ada", text: "x" }],
    });
  });

  test.each([
    [{ lat: "50,7", lon: "7,1" }, { lat: 50.7, lon: 7.1 }, undefined],
    [{ place: "50.7,7.1" }, { lat: 50.7, lon: 7.1 }, undefined],
    [{ place: { latitude: 50.7, lng: "7.1", name: "Bonn" } }, { lat: 50.7, lon: 7.1 }, "Bonn"],
    [{ location: [50.7, 7.1] }, { lat: 50.7, lon: 7.1 }, undefined],
    [{ place: "Rheinufer" }, null, "Rheinufer"],
    [{ lat: 0, lon: 0 }, null, undefined],
  ])("finds the place of %j", async (item, location, placeName) => {
    const memory = await read({ id: "a", at: "2026-03-01", ...item });
    expect([memory?.location, memory?.placeName]).toEqual([location, placeName]);
  });
});
