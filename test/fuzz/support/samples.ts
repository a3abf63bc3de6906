/** Good answers and files, which the inputs are variations of. */

export const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

const memory = {
  id: "m1",
  type: "note",
  audio: false,
  image: "yes",
  transcript: 'Ich war mit Jürgen "am See" 🌊 #urlaub http://a.example/b',
  location_lat: 41.9,
  location_lon: 12.5,
  created_at: "2025-03-30T02:30:00+01:00",
  updated_at: "2025-04-01T00:00:00Z",
  title: "Am See",
  tags: ["a", "b"],
};

export const memoryLists: readonly Buffer[] = [
  json({ memories: [memory, { ...memory, id: 7, created_at: "2025-03-30 02:30" }], count: 2 }),
  json({ count: 1, next_cursor: "abc", memories: [{ ...memory, location_lat: null, tags: null }] }),
  Buffer.from(` {"memories" : [ ${JSON.stringify(memory)} , {} , null, [1,[2]], "x" ], "next": null }\n`),
  json({ memories: [] }),
];

export const extractionAnswers: readonly Buffer[] = [
  Buffer.from(
    "entity<|#|>Ines<|#|>person<|#|>Ines dives.\nentity<|#|>Red Sea<|#|>location<|#|>A sea.\n" +
      "relation<|#|>Ines<|#|>Red Sea<|#|>diving,holiday<|#|>Ines dives in the Red Sea.\n<|COMPLETE|>",
  ),
  Buffer.from("entity<|#|Ines<|>person<#>Ines.\nrelationship<|#|>A<|#|>B<|#|>k<|#|>d<|complete|>"),
  json({
    entities: [{ name: "Ines", type: "person", description: "She dives." }],
    relations: [{ source: "Ines", target: "Sea", keywords: "diving", description: "Ines likes it." }],
  }),
  Buffer.from('```json\n{"entities": [], "relations": []}\n```'),
];

export const chatAnswer = {
  id: "c1",
  object: "chat.completion",
  choices: [
    { index: 0, finish_reason: "stop", message: { role: "assistant", content: "entity<|#|>A<|#|>b<|#|>c" } },
  ],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
};

export const embeddingAnswer = {
  object: "list",
  data: [0, 1].map((index) => ({ object: "embedding", index, embedding: [0.1, 0.2, -0.3, 0.5] })),
  usage: { prompt_tokens: 10, total_tokens: 10 },
};

export const configs: readonly Buffer[] = [
  Buffer.from(`lightrag:
  mode: api
  api: { url: "http://127.0.0.1:9621", api_key: "\${KEY:-abc}" }
memory_api:
  url: http://127.0.0.1:8080
  api_key: secret # a comment
connectors:
  - id: personal
    context_id: CTX123
    schedule: { type: cron, cron: "*/5 * * * *", timezone: Europe/Berlin }
    ingestion: &ingestion
      query_range: week
      query_limit: 500
    transformation: { strategy: template, template: "{{#tags}}{{.}} {{/tags}}{{transcript}}" }
  - id: other
    context_id: CTX2
    ingestion: *ingestion
    schedule: { type: interval, interval_hours: 1 }
state: { backend: json, path: ./s.json, cleanup: { retention_days: 30 } }
logging: { level: info }
`),
  json({
    lightrag: { mode: "direct", direct: { working_dir: "./x", llm: { provider: "builtin" } } },
    memory_api: { url: "http://127.0.0.1:1", api_key: "k", requests_per_second: 5, timeout: "30s" },
    connectors: [{ id: "a", context_ids: ["x", "y"], schedule: "manual", retry: { max_attempts: 3 } }],
    api: { port: 9622, api_key: "key", cors: { enabled: true, origins: ["http://a.example"] } },
    monitoring: { prometheus: { enabled: true } },
    advanced: { pipeline: { job_timeout_minutes: 5 } },
  }),
];
