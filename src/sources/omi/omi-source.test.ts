import { expect, test } from "vitest";
import { omiFact } from "../../../test/support/omi-double.ts";
import { limitlessWorld, omiWorld } from "../../../test/support/omi-world.ts";
import { listingOf } from "../../../test/support/source-listing.ts";

const conversation = {
  ...{ id: "c-1", created_at: "2026-03-01T07:16:10.250000+00:00", started_at: "2026-03-01T07:15:00+00:00" },
  ...{ finished_at: "2026-03-01T07:16:02+00:00", language: "en", source: "omi" },
  structured: {
    title: "Walk at the river",
    overview: "Ada and Ben talk.",
    emoji: "🌱",
    category: "personal",
  },
  transcript_segments: [
    { id: "s1", text: "Met Ada at the river.", speaker_id: 0, speaker_name: "User", start: 0, end: 2.4 },
    { id: "s2", text: "We spoke about the plan.", speaker_id: 1, speaker_name: null, start: 2.4, end: 5.9 },
    { id: "s3", text: "  ", speaker_id: 1, speaker_name: null, start: 6, end: 7 },
  ],
  geolocation: { latitude: 50.7374, longitude: 7.0982, address: "Rheinufer, Bonn" },
};

test("a conversation has who said what and when, and a fact its text, each with an id of its kind", async () => {
  const { omi, source } = await omiWorld();
  omi.conversations.set("c-1", conversation);
  omi.memories.set("m-1", omiFact);
  expect((await listingOf(source)).memories).toEqual([
    {
      ...{
        id: "conversation:c-1",
        type: "conversation",
        audio: false,
        image: false,
        title: "Walk at the river",
      },
      transcript: "Ada and Ben talk.\n\nUser: Met Ada at the river.\nSpeaker 1: We spoke about the plan.",
      ...{
        location: { lat: 50.7374, lon: 7.0982 },
        placeName: "Rheinufer, Bonn",
        language: "en",
        tags: ["personal"],
      },
      ...{ createdAt: "2026-03-01T07:15:00.000Z", endedAt: "2026-03-01T07:16:02.000Z", updatedAt: null },
      segments: [
        { speaker: null, startMs: null, endMs: null, text: "Ada and Ben talk." },
        { speaker: "User", startMs: 0, endMs: 2400, text: "Met Ada at the river." },
        { speaker: "Speaker 1", startMs: 2400, endMs: 5900, text: "We spoke about the plan." },
      ],
    },
    {
      ...{ id: "memory:m-1", type: "memory", audio: false, image: false, transcript: "Ada plans a garden" },
      ...{ location: null, createdAt: "2026-03-01T07:20:00.000Z", timeSource: "entry", title: null },
      ...{ updatedAt: "2026-03-02T07:20:00.000Z", tags: ["garden", "interests"] },
    },
  ]);
});

test("a conversation without a beginning has the time of its entry; one without any time is told of", async () => {
  const { omi, source } = await omiWorld();
  omi.conversations.set("a", { ...conversation, id: "a", started_at: null, geolocation: null });
  omi.conversations.set("b", { ...conversation, id: "b", started_at: null, created_at: null });
  const { memories, malformed } = await listingOf(source);
  expect(memories).toMatchObject([{ createdAt: "2026-03-01T07:16:10.250Z", timeSource: "entry" }]);
  expect(malformed).toMatchObject([{ id: "conversation:b", problems: ["created_at: is missing"] }]);
});

test("a server that gives less at once than it was asked for is read to its end", async () => {
  const { omi, source } = await omiWorld();
  omi.cap = 7;
  for (let n = 0; n < 50; n += 1) omi.memories.set(`${n}`, { ...omiFact, id: `${n}` });
  expect((await listingOf(source)).ids).toHaveLength(50);
});

test("conversations since a time are asked for with a day more, and only what is included is asked for", async () => {
  const { omi, source } = await omiWorld(["conversations"]);
  omi.memories.set("m-1", omiFact);
  for (const day of ["2026-02-01", "2026-03-01", "2026-03-09"])
    omi.conversations.set(day, { ...conversation, id: day, started_at: `${day}T12:00:00+00:00` });
  const scope = { kind: "events", since: Date.UTC(2026, 2, 2) } as const;
  const ids = ["conversation:2026-03-01", "conversation:2026-03-09"];
  expect((await listingOf(source, { scope })).ids.toSorted()).toEqual(ids);
});

test("an interrupted walk goes on in the kind where it was", async () => {
  const { omi, source } = await omiWorld(["conversations", "memories"], 10);
  for (let n = 10; n < 35; n += 1) {
    omi.conversations.set(`${n}`, { ...conversation, id: `${n}` });
    omi.memories.set(`${n}`, { ...omiFact, id: `${n}` });
  }
  const { ids } = await listingOf(source, { resume: "memories:10" });
  expect([ids.length, ids.every((id) => id.startsWith("memory:"))]).toEqual([15, true]);
});

test("a lifelog of Limitless has its speakers and times, or its summary where nobody speaks", async () => {
  const { limitless, source } = await limitlessWorld();
  const part = (content: string, more: object) => ({ type: "blockquote", content, children: [], ...more });
  limitless.lifelogs.set("LL1", {
    ...{ id: "LL1", title: "Walk", markdown: "# Walk\n\n- You: Met Ada.", isStarred: false },
    ...{ startTime: "2026-03-01T08:15:00+01:00", endTime: "2026-03-01T08:16:02+01:00" },
    updatedAt: "2026-03-01T08:30:00.000Z",
    contents: [
      {
        type: "heading1",
        content: "Walk",
        children: [
          part("Met Ada.", {
            speakerName: "You",
            speakerIdentifier: "user",
            startOffsetMs: 0,
            endOffsetMs: 2400,
          }),
        ],
      },
      part("A fine plan.", {
        speakerName: "Ben",
        speakerIdentifier: null,
        startOffsetMs: 2400,
        endOffsetMs: 5000,
      }),
    ],
  });
  limitless.lifelogs.set("LL2", { id: "LL2", markdown: "Silence", startTime: "2026-03-01T09:00:00Z" });
  expect((await listingOf(source)).memories).toMatchObject([
    {
      ...{ id: "LL1", type: "record", transcript: "You: Met Ada.\nBen: A fine plan.", title: "Walk" },
      ...{ createdAt: "2026-03-01T07:15:00.000Z", endedAt: "2026-03-01T07:16:02.000Z" },
      segments: [
        { speaker: "You", startMs: 0, endMs: 2400, text: "Met Ada." },
        { speaker: "Ben", startMs: 2400, endMs: 5000, text: "A fine plan." },
      ],
    },
    { id: "LL2", transcript: "Silence", format: "markdown" },
  ]);
});

test("conversations are asked for by their ids, with or without their kind, and facts are not", async () => {
  const { omi, source } = await omiWorld();
  for (const id of ["c-1", "c-2"]) omi.conversations.set(id, { ...conversation, id });
  omi.memories.set("m-1", omiFact);
  const [shown] = (await listingOf(source)).memories.filter(({ id }) => id === "conversation:c-1");
  for (const ids of [["conversation:c-1"], ["c-1", "gone", "memory:m-1"]])
    expect((await listingOf(source, { scope: { kind: "named", ids } })).memories).toEqual([shown]);
});
