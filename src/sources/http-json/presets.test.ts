import { expect, test } from "vitest";
import { startHttpServer } from "../../../test/support/http-server.ts";
import { jsonListSource, pagesOf } from "../../../test/support/json-list-server.ts";
import { type PresetName, presets } from "./presets.ts";

/** A server that answers addresses with texts, and refuses any other key. */
async function answering(answers: ReadonlyMap<string, string>, header: string, key: string): Promise<string> {
  const { url } = await startHttpServer((request, response) => {
    const isRight = request.headers[header] === key;
    const text = answers.get(decodeURIComponent(request.url ?? ""));
    response.writeHead(!isRight ? 401 : text === undefined ? 404 : 200, {
      "content-type": "application/json",
    });
    response.end(isRight ? text : "Unauthorized");
  });
  return url;
}

const bearer = ["authorization", "Bearer right-key"] as const;
const apiKey = ["x-api-key", "right-key"] as const;
const account = ["/api/v1/auths/", '{"id":"u1","email":"a@example.org"}'] as const;

/** What each server answers, as its contract has it, and what comes of it. */
const servers: readonly [
  PresetName,
  readonly [string, string],
  readonly (readonly [string, string])[],
  object[],
][] = [
  [
    "openmemory",
    apiKey,
    [
      [
        "/memory/all?l=1000&u=0",
        '{"items":[{"id":"m1","content":"Met Ada at the river","tags":["garden"],"metadata":{"lat":50.7374,"lon":7.0982},"created_at":1772349300123,"updated_at":1772352900456,"last_seen_at":1772352999000,"salience":0.62,"primary_sector":"episodic","version":2}]}',
      ],
      ["/memory/all?l=1000&u=1", '{"items":[]}'],
    ],
    [
      {
        id: "m1",
        type: "episodic",
        transcript: "Met Ada at the river",
        tags: ["garden"],
        location: { lat: 50.7374, lon: 7.0982 },
        createdAt: "2026-03-01T07:15:00.123Z",
        updatedAt: "2026-03-01T08:15:00.456Z",
      },
    ],
  ],
  [
    "open_webui_notes",
    bearer,
    [
      account,
      [
        "/api/v1/notes/",
        '[{"id":"n1","title":"River","data":{"content":{"json":null,"html":"<p>Met Ada</p>","md":"Met Ada."}},"updated_at":1772352900123456789,"created_at":1772349300123456789,"user":{"id":"u1"}},{"id":"n2","title":"Shared","data":{"content":{"md":"Of Bob."}},"created_at":1772349300123456789,"user":{"id":"u2"}}]',
      ],
    ],
    [
      {
        id: "n1",
        type: "note",
        title: "River",
        transcript: "Met Ada.",
        format: "markdown",
        createdAt: "2026-03-01T07:15:00.123Z",
        updatedAt: "2026-03-01T08:15:00.123Z",
      },
    ],
  ],
  [
    "open_webui_memories",
    bearer,
    [
      account,
      [
        "/api/v1/memories/",
        '[{"id":"m1","user_id":"u1","content":"Ada plans a garden","type":"context","path":null,"meta":{},"updated_at":1772352900,"created_at":1772349300}]',
      ],
    ],
    [{ id: "m1", type: "context", transcript: "Ada plans a garden", createdAt: "2026-03-01T07:15:00.000Z" }],
  ],
  [
    "karakeep",
    bearer,
    [
      [
        "/api/v1/bookmarks?sortOrder=asc&includeContent=true&limit=100",
        '{"bookmarks":[{"id":"b1","createdAt":"2026-03-01T07:15:00.000Z","modifiedAt":null,"title":null,"taggingStatus":"pending","note":"for the garden","summary":null,"tags":[{"id":"t2","name":"river"},{"id":"t1","name":"garden"}],"content":{"type":"text","text":"Met Ada at the river.","sourceUrl":null}}],"nextCursor":"c 1"}',
      ],
      [
        "/api/v1/bookmarks?sortOrder=asc&includeContent=true&limit=100&cursor=c+1",
        '{"bookmarks":[{"id":"b2","createdAt":"2026-03-02T07:15:00.000Z","title":"A page","note":"read it","tags":[],"content":{"type":"link","url":"https://x.example/","htmlContent":"<p>long</p>"}}],"nextCursor":null}',
      ],
    ],
    [
      {
        id: "b1",
        type: "text",
        transcript: "Met Ada at the river.\n\nfor the garden",
        tags: ["garden", "river"],
        title: null,
      },
      { id: "b2", type: "link", transcript: "read it", title: "A page", url: "https://x.example/" },
    ],
  ],
  [
    "mem0",
    apiKey,
    [
      [
        "/memories?user_id=ada&top_k=1000",
        '{"results":[{"id":"m1","memory":"Likes the river","hash":"h","metadata":null,"created_at":"2026-03-01T07:15:00.123456-08:00","updated_at":null,"user_id":"ada"}]}',
      ],
    ],
    [
      {
        id: "m1",
        type: "note",
        transcript: "Likes the river",
        createdAt: "2026-03-01T15:15:00.123Z",
        updatedAt: null,
      },
    ],
  ],
];

test.each(servers)("%s is read by its preset", async (preset, [header, key], answers, memories) => {
  const url = await answering(new Map(answers), header, key);
  const pages = await pagesOf(jsonListSource(url, presets[preset]), { contextId: "ada" });
  expect(pages.flatMap((page) => page.memories)).toMatchObject(memories);
  expect(pages.flatMap(({ malformed }) => malformed)).toEqual([]);
  expect(pages.at(-1)?.truncated).toBeNull();
  const wrong = jsonListSource(url, presets[preset], { apiKey: "wrong-key" });
  await expect(pagesOf(wrong, { contextId: "ada" })).rejects.toMatchObject({ code: "SOURCE_UNAUTHORIZED" });
});
