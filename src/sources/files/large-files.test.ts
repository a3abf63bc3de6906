import { expect, test } from "vitest";
import type { InputFile } from "./input-file.ts";
import { type FormatReader, readJsonFile, readJsonLines, readTable } from "./plain-readers.ts";
import { readTelegram } from "./presets/telegram.ts";
import { readWhatsApp } from "./presets/whatsapp.ts";
import { filesSettings, toFilesConfig } from "./settings.ts";

const fileMb = 200;
/** What is in hand while a file is read, with what is garbage by then: less than the file. */
const mostMb = 120;
const mb = 1024 * 1024;
const words = "Ines met Jonas at the river. ".repeat(2_000);

/** A file that is nowhere: its parts are made as they are read. */
function largeFile(
  begin: string,
  part: (number: number) => string,
  end = "",
): { file: InputFile; items: number } {
  const items = Math.ceil((fileMb * mb) / part(0).length);
  const file: InputFile = {
    ...{ name: "large", location: "/large", stamp: "1", size: fileMb * mb, mtimeMs: 0 },
    async *open() {
      yield Buffer.from(begin);
      for (let number = 0; number < items; number += 1) yield Buffer.from(part(number));
      yield Buffer.from(end);
    },
    beside: async () => null,
    state: async () => "same",
  };
  return { file, items };
}

const object = (number: number) =>
  JSON.stringify({ id: `n${number}`, at: "2026-03-01T08:15:00Z", text: words });
const message = (id: number) =>
  JSON.stringify({
    id,
    type: "message",
    from: "Ada",
    date_unixtime: String(1_772_349_300 + id * 86_400),
    text: words,
  });
const day = (number: number) => new Date(Date.UTC(2012, 0, 1 + number)).toISOString().slice(0, 10);

const formats: [string, FormatReader, ReturnType<typeof largeFile>][] = [
  ["JSON Lines", readJsonLines, largeFile("", (number) => `${object(number)}\n`)],
  [
    "a list in JSON",
    readJsonFile,
    largeFile('{"notes":[', (number) => `${number === 0 ? "" : ","}${object(number)}`, "]}"),
  ],
  [
    "a table",
    readTable,
    largeFile("id;at;text\n", (number) => `n${number};2026-03-01T08:15:00Z;"${words}"\n`),
  ],
  ["a chat of WhatsApp", readWhatsApp, largeFile("", (number) => `${day(number)}, 08:15 - Ada: ${words}\n`)],
  [
    "a chat of Telegram",
    readTelegram,
    largeFile(
      '{"name":"Ben","type":"personal_chat","id":1,"messages":[',
      (number) => `${number === 0 ? "" : ","}${message(number)}`,
      "]}",
    ),
  ],
];

test.each(formats)("%s of 200 MB is read as a stream", async (_, read, { file, items }) => {
  const options = toFilesConfig(filesSettings.parse({ path: "large", items: "notes" }), {
    folder: "/",
    timezone: "UTC",
  });
  const held = () => {
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return (heapUsed + arrayBuffers) / mb;
  };
  const before = held();
  let [memories, most] = [0, 0];
  for await (const item of read(file, options, new AbortController().signal)) {
    memories += item.kind === "memory" ? 1 : 0;
    if (memories % 50 === 0) most = Math.max(most, held() - before);
  }
  expect(memories).toBe(items);
  expect(most).toBeLessThan(mostMb);
});
