import type { HttpJsonDeclaration } from "./declaration.ts";

/** What is known of servers that many people have. A key that a configuration gives beside a preset replaces the preset's. */
export const presets = {
  mcp_memory_service: {
    path: "/api/memories",
    auth: { name: "X-API-Key" },
    items: "memories",
    paging: {
      style: "page",
      parameter: "page",
      size_parameter: "page_size",
      size: 100,
      more: "has_more",
      total: "total",
    },
    fields: {
      id: ["content_hash"],
      text: ["content"],
      type: ["memory_type"],
      lat: ["metadata.lat"],
      lon: ["metadata.lon", "metadata.lng"],
    },
    time_format: "epoch_s",
    volatile: ["metadata.access_count", "metadata.last_accessed_at", "metadata.access_queries"],
  },
  tiddlywiki: {
    path: "/recipes/default/tiddlers.json?exclude=x",
    auth: { scheme: "Basic" },
    fields: {
      id: ["title"],
      // A title is a name here: the text often does not repeat it.
      title: ["title"],
      created_at: ["created", "modified"],
      updated_at: ["modified"],
      type: [],
    },
    time_format: "yyyyMMddHHmmssSSS",
    tag_separator: " ",
    skip: [
      { field: "title", begins: "$:/" },
      ...["image/", "audio/", "video/", "application/"].map((begins) => ({ field: "type", begins })),
    ],
    volatile: ["revision"],
  },
  openmemory: {
    path: "/memory/all",
    auth: { name: "x-api-key" },
    items: "items",
    paging: { style: "offset", parameter: "u", size_parameter: "l", size: 1000 },
    fields: {
      text: ["content"],
      type: ["primary_sector"],
      lat: ["metadata.lat"],
      lon: ["metadata.lon", "metadata.lng"],
    },
    time_format: "epoch_ms",
    volatile: ["salience", "last_seen_at", "decay_lambda"],
  },
  open_webui_notes: {
    path: "/api/v1/notes/",
    fields: { text: ["data.content.md"], type: [] },
    time_format: "epoch_ns",
    text_format: "markdown",
    account: { path: "/api/v1/auths/", field: "id", owner: "user.id" },
  },
  open_webui_memories: {
    path: "/api/v1/memories/",
    fields: { text: ["content"] },
    time_format: "epoch_s",
    account: { path: "/api/v1/auths/", field: "id", owner: "user_id" },
  },
  karakeep: {
    path: "/api/v1/bookmarks?sortOrder=asc&includeContent=true",
    items: "bookmarks",
    paging: {
      style: "cursor",
      parameter: "cursor",
      size_parameter: "limit",
      size: 100,
      next: "nextCursor",
    },
    fields: {
      text: ["content.text", "note", "summary"],
      type: ["content.type"],
      tags: ["tags.name"],
      created_at: ["createdAt"],
      updated_at: ["modifiedAt"],
      url: ["content.sourceUrl", "content.url"],
    },
    time_format: "iso",
    volatile: ["taggingStatus", "summarizationStatus", "embeddingStatus", "content.crawlStatus"],
  },
  mem0: {
    path: "/memories?user_id={context}&top_k=1000",
    auth: { name: "X-API-Key" },
    items: "results",
    fields: { text: ["memory"], type: [] },
    time_format: "iso",
    capped_at: 1000,
  },
} as const satisfies { [name: string]: HttpJsonDeclaration };

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as PresetName[];
