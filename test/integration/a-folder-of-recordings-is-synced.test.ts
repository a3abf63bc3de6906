import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { runCli } from "../support/cli.ts";
import { mp3, startMediaModelServer } from "../support/media-model-server.ts";
import { wordsOf } from "../support/parse-command-line.ts";
import { makeWorld, startService } from "../support/service.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

/** A world whose one connector reads the folder `recordings`, and what writes its files. */
async function recordingsWorld(schedule = "{ type: manual }") {
  const { folder, lightrag, configure } = await makeWorld(0);
  const models = await startMediaModelServer();
  configure(`media: { transcription: { base_url: "${models.url}", model: hears } }
connectors:
  - id: recordings
    context_id: REC
    timezone: Europe/Berlin
    schedule: ${schedule}
    transformation: { strategy: rich, include_audio: true }
    source: { type: transcripts, path: ./recordings }`);
  mkdirSync(join(folder, "recordings"));
  const write = (name: string, content: string | Buffer, at = 1_700_000_000) => {
    const file = join(folder, "recordings", name);
    writeFileSync(file, content);
    utimesSync(file, at, at);
  };
  const sync = () => runCli(["sync"], { cwd: folder });
  const texts = () => [...lightrag.texts().values()];
  return { folder, models, write, sync, texts };
}

test("whoever speaks in a recording is found as a person in it, whatever program wrote the text", async () => {
  const { folder, write, sync } = await recordingsWorld();
  const cues = (first: string, second: string) =>
    `1\n00:00:00,000 --> 00:00:02,000\n${first}\n\n2\n00:00:02,000 --> 00:00:04,000\n${second}\n`;
  write("vtt.vtt", "WEBVTT\n\n00:00.000 --> 00:02.400\n<v Ada>We met at the river.");
  write("srt.srt", cues("Ada: Hello.", "Speaker 2: We walk."));
  write("whisperx.srt", cues("[Ada]: Hello.", "[SPEAKER_01]: We walk."));
  write("whisperx-json.json", '{"segments": [{"start": 0, "end": 1, "text": " Hello.", "speaker": "Ada"}]}');
  write("otter.txt", "Ada  0:03\nHello.\n\nUnknown Speaker  1:02\nWe walk.");
  write("plaud.txt", "00:00:03 Ada\nHello.\n\n00:00:09 Speaker 2\nWe walk.");
  write("lines.txt", "Ada: Hello.\nBen: We walk.");
  write("nobody.txt", "Just words.");
  expect(await sync()).toMatchObject({ code: 0 });
  const idsWith = async (person: string) => {
    const { out } = await runCli(["memories", "--person", person, "--json"], { cwd: folder });
    return JSON.parse(out)
      .memories.map(({ memoryId }: { memoryId: string }) => memoryId)
      .sort();
  };
  expect(await idsWith("ada")).toHaveLength(7);
  for (const nobody of ["Speaker 2", "SPEAKER_01", "Unknown Speaker"])
    expect(await idsWith(nobody), nobody).toEqual([]);
  expect(await idsWith("ben")).toEqual(["lines"]);
});

test("who said what and when is delivered, and a better text replaces the one before", async () => {
  const { write, sync, texts } = await recordingsWorld();
  write("2026-03-01_0815_river.txt", "Met Ada at the river.");
  expect(await sync()).toMatchObject({ code: 0, out: expect.stringContaining("1 proved processed") });
  write("2026-03-01_0815_river.vtt", "WEBVTT\n\n00:00.000 --> 00:02.400\n<v Ada>Met Ben at the river.");
  expect(await sync()).toMatchObject({ code: 0 });
  expect(texts()).toEqual([expect.stringContaining("[0:00–0:02] Ada: Met Ben at the river.")]);
  expect(texts()[0]).toContain("sunday 1 march 2026 08:15:00");
  expect(await sync()).toMatchObject({ code: 0, out: expect.stringContaining("0 submitted") });
});

test("a recording without a text is transcribed once it has waited, and its own text replaces that", async () => {
  const { models, write, sync, texts } = await recordingsWorld();
  write("young.mp3", mp3("too young"), Date.now() / 1000 - 60);
  write("walk.mp3", mp3("what the model hears"));
  const { code, out, err } = await sync();
  expect([code, out + err]).toEqual([0, expect.stringContaining("cannot be read yet")]);
  expect(models.calls.map(({ words }) => words)).toEqual(["what the model hears"]);
  expect(texts()).toEqual([expect.stringContaining("what the model hears")]);
  write("walk.json", '{"text": " What was said.", "segments": [], "language": "en"}');
  expect(await sync()).toMatchObject({ code: 0 });
  expect(texts()).toEqual([expect.stringContaining("What was said.")]);
});

test("the service follows a folder of recordings", async () => {
  const { folder, write, texts } = await recordingsWorld("{ type: interval, every: 1d }");
  const service = await startService(folder);
  write("walk.srt", "1\n00:00:00,000 --> 00:00:02,000\nWritten while the service runs.\n");
  await vi.waitFor(() => expect(texts().join()).toContain("Written while"), {
    timeout: 60_000,
    interval: 100,
  });
  expect(await service.stop()).toMatchObject({ code: 0 });
});

test("the first example of the page does what it says", async () => {
  const page = readFileSync(join(import.meta.dirname, "../../docs/guides/folder-of-recordings.md"), "utf8");
  const [makeFiles = "", configuration = "", commands = ""] = Array.from(
    page.matchAll(/^```(?:bash|yaml)\n([\s\S]*?)^```$/gmu),
    ([, block = ""]) => block,
  );
  const folder = temporaryFolder();
  execFileSync("bash", ["-ec", makeFiles], { cwd: folder });
  utimesSync(join(folder, "recordings/2026-03-01_0815_harbour.srt"), 1_700_000_000, 1_700_000_000);
  writeFileSync(join(folder, "config.yaml"), configuration);
  const answers = [];
  for (const line of commands.trim().split("\n"))
    answers.push(await runCli(wordsOf(line.replace("memory-connector ", "")), { cwd: folder }));
  expect(answers.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(answers.at(-1)?.out).toContain("Hugo");
});
