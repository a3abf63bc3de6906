import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { OmiDouble, omiFact } from "../support/omi-double.ts";
import { pythonProgram } from "../support/python-environment.ts";
import { temporaryFolder } from "../support/temp-folder.ts";

const program = await pythonProgram("omi", "click omi-cli==0.2.3");
if (program === null) console.warn("skipped: omi-cli 0.2.3 cannot be had from PyPI");

const conversation = {
  ...{ id: "c-1", created_at: "2026-03-01T07:16:10.250000+00:00", started_at: "2026-03-01T07:15:00+00:00" },
  ...{
    finished_at: "2026-03-01T07:16:02+00:00",
    language: "en",
    source: "omi",
    folder_id: null,
    folder_name: null,
  },
  structured: {
    title: "Walk",
    overview: "Ada and Ben talk.",
    emoji: "🌱",
    category: "personal",
    action_items: [],
    events: [],
  },
  transcript_segments: [
    { id: "s1", text: "Met Ada.", speaker_id: 0, speaker_name: "User", start: 0, end: 2.4 },
  ],
  geolocation: null,
};

describe.skipIf(program === null)("the double of Omi, asked by Omi's own client", () => {
  async function client() {
    const omi = await OmiDouble.start();
    omi.conversations.set("c-1", conversation);
    omi.conversations.set("old", { ...conversation, id: "old", started_at: "2025-01-01T00:00:00+00:00" });
    omi.memories.set("m-1", omiFact);
    const config = join(temporaryFolder(), "omi.toml");
    const run = async (...args: string[]) => {
      const env = { ...process.env, OMI_API_KEY: omi.key, OMI_API_BASE: omi.url, OMI_CONFIG: config };
      const { stdout } = await promisify(execFile)(program ?? "", ["--json", ...args], { env });
      return JSON.parse(stdout);
    };
    return { omi, run };
  }

  test("shows conversations since a time with what was said, as the source asks for them", async () => {
    const { omi, run } = await client();
    const since = ["--start-date", "2026-03-01T00:00:00"];
    expect(await run("conversation", "list", "--include-transcript", ...since)).toEqual([conversation]);
    const [asked] = omi.requests;
    expect(asked?.url.pathname).toBe("/v1/dev/user/conversations");
    expect(asked?.headers.authorization).toBe(`Bearer ${omi.key}`);
    expect(Object.fromEntries(asked?.url.searchParams ?? [])).toMatchObject({
      ...{ include_transcript: "true", start_date: "2026-03-01T00:00:00", offset: "0" },
    });
  });

  test("shows facts, and says no without a conversation or with another key", async () => {
    const { omi, run } = await client();
    expect(await run("memory", "list")).toEqual([omiFact]);
    expect(await run("conversation", "get", "c-1")).toMatchObject({ id: "c-1" });
    await expect(run("conversation", "get", "none")).rejects.toThrow();
    const { key } = omi;
    omi.key = "omi_dev_another-key-that-is-long-enough";
    omi.requests.length = 0;
    expect(key).not.toBe(omi.key);
    await expect(
      promisify(execFile)(program ?? "", ["--json", "memory", "list"], {
        env: {
          ...process.env,
          OMI_API_KEY: key,
          OMI_API_BASE: omi.url,
          OMI_CONFIG: join(temporaryFolder(), "o.toml"),
        },
      }),
    ).rejects.toThrow();
  });
});
