import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { good, list, readJsonList as read } from "../../../test/support/read-json-list.ts";

const [a, c, d] = ["a", "c", "d"].map((id) => JSON.stringify(good(id))) as [string, string, string];

describe("a list of JSON items", () => {
  it.each(["{}", "[]", '""', "0", '[1,{"a":[[]]}]', '{"a":"]},{","b":{"c":null}}', '"\\\\\\"]"', "true"])(
    "gives %s among others as JSON.parse does, wherever the chunks are cut",
    (item) => {
      for (const space of [undefined, 1, "\t"]) {
        const items = [JSON.parse(item), good("a"), JSON.parse(item), JSON.parse(item)];
        const document = { before: { a: [item, {}] }, memories: items, after: [[], item] };
        const text = JSON.stringify(document, null, space);
        for (const sizes of [[1e9], [1], [2, 5], [7]])
          expect(read(text, { sizes })).toMatchObject({
            shown: items,
            surroundings: { ...document, memories: [] },
            isWhole: true,
            doubt: null,
          });
      }
    },
  );

  it("is found whatever looks like it elsewhere", () => {
    const text =
      '{"a":[1,2],"b":{"memories":[3]},"c":"\\"memories\\":[4","memories" :\n[5, {"memories":[6]}],"d":[]}';
    expect(read(text, { sizes: [1] })).toMatchObject({
      shown: [5, { memories: [6] }],
      surroundings: { a: [1, 2], b: { memories: [3] }, c: '"memories":[4', memories: [], d: [] },
    });
  });

  it("is left in its place when its name is escaped", () => {
    expect(read('{"memor\\u0069es":[1]}')).toMatchObject({ shown: [], surroundings: { memories: [1] } });
  });

  it("may begin with a byte order mark", () => {
    expect(read('\ufeff{"memories":[1]}').shown).toEqual([1]);
  });

  it.each(["", "[", "<html>", "{,}"])("that is no JSON at all is a syntax error: %s", (text) => {
    expect(() => read(text)).toThrow(SyntaxError);
  });
});

describe("a broken item ends where its brackets say", () => {
  it.each([
    '{"id":"b","x":NaN}',
    '{"id":"b","x":[1,-Infinity,],}',
    "{'id':'b','x':'y'}",
    '{"id":"b" "x":"y"}',
    '{"id":"b","x":"a\nb\u0007"}',
    '{"id":"b","x":"\\q\\u12"}',
    '{"id":"b","x":undefined,"y":None}',
    '{id:"b",x:+1}',
    "nul",
  ])("%j", (broken) => {
    for (const sizes of [[1e9], [1], [7]]) {
      const { shown, doubt, surroundings } = read(list(a, broken, broken, c), { sizes });
      expect(shown).toEqual([good("a"), { broken }, { broken }, good("c")]);
      expect({ doubt, surroundings }).toEqual({ doubt: null, surroundings: { memories: [], count: 4 } });
    }
  });

  it("also when there is no comma behind it, or nothing before a comma", () => {
    expect(read(`{"memories":[${a}${c} ${d},]}`).shown).toEqual([good("a"), good("c"), good("d")]);
    expect(read(list(a, "", c)).shown).toEqual([good("a"), { broken: "" }, good("c")]);
  });
});

describe("behind an item whose brackets cannot be trusted the list goes on with the next one", () => {
  it.each([
    '{"id":"b","x":"y',
    '{"id":"b","x":y"}',
    '{"id":"b","x":1',
    '{"id":"b","x":[1',
    '{"id":"b","x":1]}',
    '{"id":"b"}}',
    '{"id":"b"},"x":1}',
    '{"id":"b"}],"x":1}',
    '{"id":"b","x":"y}]}',
    `{'id':'b','x':'it"s'}`,
    '"id":"b"}',
    '{"id":"b", /* why */ "x":1} // so',
    "]",
    "}",
    '"',
    '{"',
  ])("%s", (broken) => {
    for (const sizes of [[1e9], [1], [7]]) {
      const { shown, doubt } = read(list(a, broken, c, d), { sizes });
      expect(shown).toContainEqual(good("a"));
      expect(shown.slice(-2)).toEqual([good("c"), good("d")]);
      expect(shown.length).toBeGreaterThan(3);
      expect(doubt).toContain("may hide others");
    }
  });

  it("and each of several broken ones in a row is told by itself", () => {
    const broken = ['{"id":"x","t":"one', '{"id":"y","t":"two', '{"id":"z","t":three"}'];
    expect(read(list(a, ...broken, c)).shown).toEqual([
      good("a"),
      ...broken.map((text) => ({ broken: text })),
      good("c"),
    ]);
  });

  it("and one that a brace too many has cut apart is not taken for its first half", () => {
    const cut = '{"id":"b","created_at":"2025-01-01"},"transcript":"the rest"}';
    expect(read(list(a, cut, c)).shown).toEqual([good("a"), { broken: cut }, good("c")]);
  });

  it("and the last one ends with the list", () => {
    const { shown, surroundings, isWhole } = read(list(a, c, '{"id":"b","x":"y'));
    expect(shown).toEqual([good("a"), good("c"), { broken: '{"id":"b","x":"y' }]);
    expect({ surroundings, isWhole }).toEqual({ surroundings: { memories: [], count: 3 }, isWhole: true });
  });
});

describe("what was read of a list", () => {
  const show = (text: string, options = {}) => {
    const { pieces, surroundings, isWhole, doubt } = read(text, options);
    const shown = pieces.map(({ bytes, isBounded }) => `${isBounded ? "" : "?"}${bytes}`);
    expect(pieces.map(({ position }) => position)).toEqual(pieces.map((_, n) => n + 1));
    return { shown, surroundings, isWhole, doubt };
  };
  const hides = "an item is broken in such a way that its end is not known, and may hide others";
  const noJson = "what stands around the list is not JSON, so it is not known whether it is whole";
  const bare = { memories: [] };
  const three = { memories: [], count: 3 };

  it.each([
    ['[ 1 , "x" ,\n{"id":1} , ]}', ["1 ", '"x" ', '{"id":1} '], bare, null],
    ['[{"id":1}{"id":2} {"id":3}]}', ['{"id":1}', '{"id":2} ', '{"id":3}'], bare, null],
    ["[,,]}", ["", ""], bare, null],
    ["[[1],[{}]]}", ["[1]", "[{}]"], bare, null],
    ['[x{"id":1},{"id":2}]}', ['?x{"id":1}', '{"id":2}'], bare, hides],
    ['[{"id":1}],"seen":[1,{"id":2}]}', ['{"id":1}'], { ...bare, seen: [1, { id: 2 }] }, null],
    ['[{"id":1}],{"id":2},{"id":3}],"count":3}', ['{"id":1}', "?]", '{"id":2}', '{"id":3}'], three, hides],
    ['[{"id":1}]},{"id":2},{"id":3}],"count":3}', ['{"id":1}', "?]}", '{"id":2}', '{"id":3}'], three, hides],
    ['[{"id":1}] x,{"id":2}],"count":3}', ['{"id":1}', "?] x", '{"id":2}'], three, hides],
    ['[{"id":1},{"id":2},]],"count":3}', ['{"id":1}', '{"id":2}'], undefined, noJson],
    ['[{"id":1}],"x":1}],"count":3}', ['{"id":1}'], undefined, noJson],
  ])("%s is shown piece by piece, a broken one as far as the next", (text, shown, surroundings, doubt) => {
    for (const sizes of [[1e9], [1]])
      expect(show(`{"memories":${text}`, { sizes })).toEqual({ shown, surroundings, isWhole: true, doubt });
  });

  it.each(['{"id":9,"x":"y', '{"id":9,"x":y"}', '{"id":9,"x":1', '{"id":9}}', '"id":9}', "}", '"', '{"'])(
    "ends with the list when its last item is %s",
    (broken) => {
      for (const sizes of [[1e9], [1]])
        expect(show(`{"memories":[{"id":1},{"id":2},${broken}],"count":3}`, { sizes })).toEqual({
          shown: ['{"id":1}', '{"id":2}', `?${broken}`],
          surroundings: three,
          isWhole: true,
          doubt: hides,
        });
    },
  );

  it.each([
    ['{"id":1},{"id":2', ['{"id":1}']],
    ['{"id":1},{"id":2}', ['{"id":1}', '{"id":2}']],
    ['{"id":1},{"id":2},', ['{"id":1}', '{"id":2}']],
    ["1,2", ["1"]],
    ['{"id":1},{"id":2}x', ['{"id":1}', '?{"id":2}x']],
    ['{"id":1},{"id":2,"x":[3],"count":3}', ['{"id":1}', '{"id":2,"x":[3],"count":3}']],
    ["", []],
  ])("and is cut off behind %s is what is whole", (text, shown) => {
    const doubt = `the answer ends in the middle of the list, behind item ${shown.length}`;
    for (const sizes of [[1e9], [1]])
      expect(show(`{"memories":[${text}`, { sizes })).toEqual({
        shown,
        surroundings: undefined,
        isWhole: false,
        doubt,
      });
  });

  it("costs one look at each byte", () => {
    expect(read(`{"memories":[${a},${c}]}`).work).toBe(a.length + c.length + 3);
  });
});

describe("a list that is cut off", () => {
  it("anywhere gives what is whole before the cut and says that it is not all", () => {
    const text = list(a, c, d);
    const begin = text.indexOf("[") + 1;
    for (let length = begin; length <= text.lastIndexOf("]"); length += length < begin + 5 ? 1 : 3) {
      const { shown, isWhole, doubt, surroundings } = read(text.slice(0, length), { sizes: [7] });
      const before = [a, c, d].filter(
        (_, n) => length >= list(...[a, c, d].slice(0, n + 1)).indexOf('],"count'),
      );
      expect(shown).toEqual(before.map((item) => JSON.parse(item)));
      expect({ isWhole, surroundings }).toEqual({ isWhole: false, surroundings: undefined });
      expect(doubt).toBe(`the answer ends in the middle of the list, behind item ${before.length}`);
    }
  });

  it("within an item gives no part of that item for an item", () => {
    const cut = `{"memories":[${a},{"id":"b","replies":[${c},${d}],"x":"y`;
    expect(read(cut)).toMatchObject({ shown: [good("a")], isWhole: false });
  });

  it("behind its end is whole, and in doubt", () => {
    expect(read(list(a).slice(0, -3))).toMatchObject({ shown: [good("a")], doubt: expect.any(String) });
    expect(read(`{"memories":[${a}],"count":NaN}`)).toMatchObject({
      shown: [good("a")],
      doubt: expect.any(String),
    });
    expect(read(`${list(a)}<!-- cached -->`)).toMatchObject({
      shown: [good("a")],
      isWhole: true,
      doubt: expect.stringContaining("not JSON"),
    });
    expect(read(`{"memories":[${a}]}}`)).toMatchObject({ shown: [good("a")], doubt: expect.any(String) });
  });
});

describe("an item that is too large", () => {
  it("is read past, and is told by its beginning and its digest", () => {
    const large = JSON.stringify({ id: "b", transcript: 'x\\"],{'.repeat(15_000) });
    const { pieces, doubt } = read(list(a, large, c), { sizes: [10_000], maxItemBytes: 70_000 });
    expect(pieces.map(({ isWhole, isBounded }) => ({ isWhole, isBounded }))).toEqual([
      { isWhole: true, isBounded: true },
      { isWhole: false, isBounded: true },
      { isWhole: true, isBounded: true },
    ]);
    expect(pieces[1]).toMatchObject({
      size: Buffer.byteLength(large),
      digest: createHash("sha256").update(large).digest("hex"),
    });
    expect(pieces[1]?.bytes.length).toBeLessThan(140_000);
    expect(doubt).toBeNull();
  });

  it.each([
    [9, [true, true, true]],
    [8, [true, false, true]],
    [7, [false, false, false]],
  ])("by a bound of %i bytes is told from those that fit", (maxItemBytes, whole) => {
    const { pieces, shown } = read('{"memories":[{"id":1},{"id":22},{"id":3}]}', {
      sizes: [1],
      maxItemBytes,
    });
    expect(pieces.map(({ isWhole }) => isWhole)).toEqual(whole);
    expect(pieces.map(({ size }) => size)).toEqual([8, 9, 8]);
    expect(shown).toEqual([{ id: 1 }, { id: 22 }, { id: 3 }]);
  });

  it("and whose end is lost is let go, and the next ones are found", () => {
    const lost = `{"id":9,"x":y"${"z".repeat(300)}`;
    const { pieces } = read(`{"memories":[{"id":1},${lost}},{"id":2}]}`, { sizes: [50], maxItemBytes: 100 });
    expect(pieces.map(({ isBounded, isWhole, size }) => [isBounded, isWhole, size])).toEqual([
      [true, true, 8],
      [false, false, lost.length + 1],
      [true, true, 8],
    ]);
  });

  it("does not take others with it when it is their swallower", () => {
    const items = Array.from({ length: 300 }, (_, n) => JSON.stringify(good(`m${n}`)));
    const { shown } = read(list('{"id":"b","x":[1', ...items), { sizes: [4_096], maxItemBytes: 6_000 });
    expect(shown.slice(1)).toEqual(items.map((item) => JSON.parse(item)));
  });

  it("may be all brackets", () => {
    const { shown, work } = read(list(a, "[".repeat(30_000), c), { sizes: [4_096], maxItemBytes: 6_000 });
    expect(shown[0]).toEqual(good("a"));
    expect(shown.at(-1)).toEqual(good("c"));
    expect(work).toBeLessThan(20 * 30_000);
  });
});

describe("the list's place", () => {
  const items = '{"id":"a"},{"id":"b"';
  const sizes = [[1e9], [1], [3, 7]];

  it.each(sizes)("may be the whole text, in pieces of %s bytes", (...pieces) => {
    expect(read(`  [${items}}]\n`, { path: [], sizes: pieces })).toMatchObject({
      shown: [{ id: "a" }, { id: "b" }],
      isWhole: true,
      doubt: null,
    });
    expect(read(`[${items}`, { path: [], sizes: pieces })).toMatchObject({
      shown: [{ id: "a" }],
      isWhole: false,
    });
    expect(read(`[${items}}, ]`, { path: [] }).shown).toHaveLength(2);
  });

  it.each(sizes)("may lie deeper, in pieces of %s bytes", (...pieces) => {
    const text = `{"items":[{"list":[1]}],"no":{"list":[2]},"dä\\"ta":{"x":[3],"list" : [${items}}],"y":1},"z":{}}`;
    const { shown, ...end } = read(text, { path: ['dä"ta', "list"], sizes: pieces });
    expect([shown, end.doubt, end.isWhole]).toEqual([[{ id: "a" }, { id: "b" }], null, true]);
    expect(end.surroundings).toMatchObject({ no: { list: [2] }, 'dä"ta': { list: [], y: 1 } });
  });

  it("is not where the path does not lead", () => {
    for (const text of ['{"a":{"list":[1]}}', '[{"list":[1]}]', '{"list":{"list":[1]}}'])
      expect(read(text, { path: ["list"] })).toMatchObject({ shown: [], isWhole: true });
    expect(read('{"list":[1]}', { path: [] }).shown).toEqual([]);
  });

  it("costs no other item when one of them is broken", () => {
    const broken = '[{"id":"a"},{"id":"b,"t":"x"},{"id":"c"}]';
    expect(read(broken, { path: [] }).shown).toEqual([
      { id: "a" },
      { broken: '{"id":"b,"t":"x"}' },
      { id: "c" },
    ]);
    const deep = read(`{"a":{"b":${broken}}}`, { path: ["a", "b"] });
    expect([deep.shown.length, deep.isWhole]).toEqual([3, true]);
  });
});
