import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { callApi } from "../support/api-client.ts";
import { connectHttp } from "../support/mcp-client.ts";
import { cliJson, makeWorld, startService } from "../support/service.ts";

const firstOfMay = ["--since", "2026-05-01", "--until", "2026-05-01"];
const query = "since=2026-05-01&until=2026-05-01";
const ids = (memories: { memoryId: string }[]) => memories.map(({ memoryId }) => memoryId).toSorted();

/** Two folders of notes in two zones: of each a note of 1 May, which begins at midnight there, and one of the days around it. */
async function notesOfMay() {
  const { folder, configure } = await makeWorld(0);
  const zones = { lisbon: "Europe/Lisbon", tokyo: "Asia/Tokyo" };
  configure(
    `connectors:\n${Object.entries(zones)
      .map(
        ([id, zone]) =>
          `  - { id: ${id}, context_id: ${id}, timezone: ${zone}, source: { type: folder, path: ./${id}, settle: 0 } }`,
      )
      .join("\n")}`,
  );
  for (const id of Object.keys(zones)) {
    mkdirSync(join(folder, id));
    for (const day of ["2026-04-30", "2026-05-01", "2026-05-02"])
      writeFileSync(
        join(folder, id, `${day}.md`),
        `---\nid: ${id}-${day}\ndate: ${day}\n---\nThe kayak of ${day}.`,
      );
  }
  return folder;
}

async function deliveredNotes() {
  const folder = await notesOfMay();
  await cliJson(folder, "sync", "--all");
  return folder;
}

test("a note of a day is counted and found on that day of its connector's zone, at every door", async () => {
  const folder = await deliveredNotes();
  const wanted = ["lisbon-2026-05-01", "tokyo-2026-05-01"];
  const counted = { period: "2026-05-01", firstDay: "2026-05-01", lastDay: "2026-05-01", memories: 2 };
  const { periods } = await cliJson(folder, "timeline");
  expect(periods.map(({ period, memories }: typeof counted) => [period, memories])).toEqual([
    ["2026-05-02", 2],
    ["2026-05-01", 2],
    ["2026-04-30", 2],
  ]);
  expect((await cliJson(folder, "timeline", ...firstOfMay)).periods).toMatchObject([counted]);
  expect(ids((await cliJson(folder, "memories", ...firstOfMay)).memories)).toEqual(wanted);

  const url = (await startService(folder)).url("api");
  const api = async (path: string) => (await callApi(url, "GET", path)).body;
  expect((await api(`/timeline?${query}`)).periods).toMatchObject([counted]);
  expect(ids((await api(`/memories?${query}`)).memories)).toEqual(wanted);
  // In UTC both midnights lie on the day before.
  expect(ids((await api(`/memories?${query}&timezone=UTC`)).memories)).toEqual(
    wanted.map((id) => id.replace("05-01", "05-02")),
  );
  const mcp = await connectHttp("2026", `${url}/mcp`);
  const span = { since: "2026-05-01", until: "2026-05-01" };
  expect((await mcp.call("timeline", span)).says.periods).toMatchObject([counted]);
  const found = (await mcp.call("search", span)).says.memories;
  expect(found.map(({ time }: { time: string }) => time).toSorted()).toEqual([
    "2026-05-01T00:00:00+01:00",
    "2026-05-01T00:00:00+09:00",
  ]);
}, 60_000);

test("a memory says which day it was on the clocks of its calendar, in a list and alone", async () => {
  const folder = await deliveredNotes();
  const local = { date: "2026-05-01", time: "2026-05-01T00:00:00+09:00", timeZone: "Asia/Tokyo" };
  const { memories } = await cliJson(folder, "memories", "--connector-id", "tokyo", ...firstOfMay);
  expect(memories).toMatchObject([{ recordedAt: "2026-04-30T15:00:00.000Z", local }]);
  const shown = await cliJson(folder, "dead-letters", "show", "tokyo-2026-05-01");
  expect(shown.memories).toMatchObject([{ local }]);
  const elsewhere = ["--timezone", "America/New_York", "--since", "2026-04-30", "--until", "2026-04-30"];
  const others = await cliJson(folder, "memories", "--connector-id", "tokyo", ...elsewhere);
  expect(others.memories[0].local).toEqual({
    ...{ date: "2026-04-30", time: "2026-04-30T11:00:00-04:00", timeZone: "America/New_York" },
  });
});

test("periods of calendars in several zones come in pages, each once", async () => {
  const folder = await deliveredNotes();
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const page: { periods: { period: string; memories: number }[]; next: string | null } = await pageAfter(
      folder,
      after,
    );
    seen.push(...page.periods.map(({ period, memories }) => `${period} ${memories}`));
    after = page.next;
  } while (after !== null);
  expect(seen).toEqual(["2026-05-02 2", "2026-05-01 2", "2026-04-30 2"]);
});

const pageAfter = (folder: string, after: string | null) =>
  cliJson(folder, "timeline", "--limit", "1", ...(after === null ? [] : ["--after", after]));

test("a run takes the day that a date names, of its connector's zone, as a whole", async () => {
  const folder = await notesOfMay();
  const { plans } = await cliJson(folder, "plan", "--all", ...firstOfMay);
  expect(plans.map(({ documents }: { documents: number }) => documents)).toEqual([1, 1]);
});
