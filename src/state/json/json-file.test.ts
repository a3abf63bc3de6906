import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../test/support/temp-folder.ts";
import { decodeState, StateSize, writeState } from "./json-file.ts";
import { buildJsonState } from "./json-transfer.ts";

const texts = {
  ledger: ['{"memoryId":"a"}', '{"memoryId":"ü😀"}'],
  syncStates: [],
  runs: ['{"runId":"r"}'],
  records: [],
  values: [],
  pushed: [],
  schedules: ['{"connectorId":"c"}'],
};
const content = {
  ledger: [{ memoryId: "a" }, { memoryId: "ü😀" }],
  syncStates: [],
  runs: [{ runId: "r" }],
  schedules: [{ connectorId: "c" }],
  records: [],
  values: [],
  pushed: [],
};

async function written(parts = texts): Promise<Buffer> {
  const path = join(temporaryFolder(), "state");
  await writeState(path, parts);
  return readFileSync(path);
}

test("what is written is read back, and is JSON with a record on each line", async () => {
  const file = await written();
  expect(decodeState(file, "state")).toEqual(content);
  expect(JSON.parse(file.toString())).toMatchObject({ version: 10, ...content });
  expect(file.toString().split("\n")).toContain('{"memoryId":"a"},');
});

test("a state of many parts is read back whole", async () => {
  const ledger = Array.from({ length: 5000 }, (_, at) =>
    JSON.stringify({ memoryId: `m${at}`, body: "x".repeat(200) }),
  );
  const read = decodeState(await written({ ...texts, ledger }), "state");
  expect(read.ledger.map((row) => JSON.stringify(row))).toEqual(ledger);
});

test("a change by hand, however small and however valid, is damage", async () => {
  const file = (await written()).toString();
  for (const changed of [
    file.replace('"a"', '"b"'),
    file.replace("\n]", " \n]"),
    file.slice(0, -1),
    `${file} `,
  ]) {
    expect(changed).not.toBe(file);
    expect(() => decodeState(Buffer.from(changed), "state")).toThrow(
      expect.objectContaining({ code: "STATE_CORRUPT" }),
    );
  }
});

test("a file of an earlier version is brought up to date step by step", async () => {
  const file = await written();
  const alreadyTaken = () => expect.unreachable();
  const steps = [
    alreadyTaken,
    alreadyTaken,
    alreadyTaken,
    alreadyTaken,
    alreadyTaken,
    alreadyTaken,
    alreadyTaken,
    alreadyTaken,
    alreadyTaken,
    (old: unknown) => ({ ...(old as object), added: [] }),
    (old: unknown) => ({ ...(old as object), steps: Object.keys(old as object).length }),
  ];
  expect(decodeState(file, "state", steps)).toEqual({ ...content, added: [], steps: 8 });
});

test("a file of version 1 has no schedules, records, answers and hashes of what the source showed yet", () => {
  const body = `"ledger":[\n{"memoryId":"a"}\n],\n"syncStates":[\n],\n"runs":[\n{"runId":"r"}\n]\n}\n`;
  const checksum = createHash("sha256").update(body).digest("hex");
  const file = `{"format":"memory-connector-state","version":1,"sha256":"${checksum}",\n${body}`;
  expect(decodeState(Buffer.from(file), "state")).toEqual({
    ledger: [
      {
        ...{ memoryId: "a", sourceHash: null, missing: null, groupKey: null, text: null, history: "" },
        facets: { place: [], tags: [], people: [] },
      },
    ],
    syncStates: [],
    runs: [{ runId: "r" }],
    schedules: [],
    records: [],
    values: [],
    pushed: [],
  });
});

test("a file of a later version is refused, whatever its content", async () => {
  const path = join(temporaryFolder(), "state");
  writeFileSync(
    path,
    (await written()).toString().replace('"version":10', '"version":11').replace("ledger", "rows"),
  );
  expect(() => decodeState(readFileSync(path), path)).toThrow(
    expect.objectContaining({ code: "STATE_TOO_NEW" }),
  );
});

test("a state that could not be read again is refused before a byte of it is written, and in the middle of a change", async () => {
  const path = join(temporaryFolder(), "state");
  const tooLarge = expect.objectContaining({
    code: "STATE_TOO_LARGE",
    message: "the state would be larger than 1 kB",
  });
  const builder = buildJsonState(path, new StateSize(1_000));
  const record = { collection: "c", id: "x".repeat(300), content: "" } as never;
  for (let fit = 0; fit < 2; fit += 1) builder.add({ section: "records", record });
  expect(() => builder.add({ section: "records", record })).toThrow(tooLarge);
  expect(existsSync(path)).toBe(false);
  const runs = [JSON.stringify("x".repeat(1_000))];
  await expect(writeState(path, { ...texts, runs }, new StateSize(1_000))).rejects.toThrow(tooLarge);
  await writeState(path, texts, new StateSize(1_000));
  expect(decodeState(readFileSync(path), path)).toEqual(content);
});
