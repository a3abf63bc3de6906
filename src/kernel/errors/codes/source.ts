import type { ErrorTable } from "../error-entry.ts";

/** A source and what it shows. Remedies name settings as sources commonly call them; an adapter that knows better gives its own hint. */
export const sourceErrors = {
  MEMORY_MALFORMED: {
    reaction: "skip-item",
    meaning: "One item of an otherwise good list does not have the shape of a memory.",
    remedy: "correct the item at the source; it is taken up again when it changes",
  },
  MEMORY_ID_TAKEN: {
    reaction: "skip-item",
    meaning:
      "An item of the source has the id of another one, which keeps it: two files of a folder, for example, whose front matter says the same `id`, or two rows of a table.",
    remedy: "give one of the two another id, or remove one; the message names both places",
  },
  MEMORY_UNDECODABLE: {
    reaction: "skip-item",
    meaning:
      "One item of the list has bytes that are no text in the charset of the answer. Nothing is put in their place, so the item cannot be carried.",
    remedy:
      "correct the item at the source, a file by writing it as UTF-8; when a whole answer or export is in another charset than it says, set the source's `charset`, or `encoding` of files",
  },
  MEMORY_TOO_LARGE: {
    reaction: "skip-item",
    meaning: "One item of the list is larger than the connector is willing to hold; it was read past.",
    remedy:
      "divide the memory at its source, or raise the source's `max_item_bytes`, which is `max_file_bytes` for a folder",
  },
  MEMORY_AMBIGUOUS: {
    reaction: "skip-item",
    meaning:
      "The list holds one id with different contents. The one that was updated last is taken, or the last one of the list.",
    remedy: "give each memory an id of its own at the source",
  },
  MEMORY_IN_DOUBT: {
    reaction: "skip-item",
    meaning:
      "Something that an item says of itself cannot be read, such as the date in the front matter of a note. The item is carried without it; its time is then that of its file.",
    remedy: "correct what the message names at the source; a day as 2026-03-01 is always read",
  },
  SOURCE_CHARSET_UNKNOWN: {
    reaction: "stop-run",
    meaning: "The Content-Type of the source's answer names a charset that is not known.",
    remedy: "set the source's `charset` to what the text is in, for example utf-8",
  },
  MEMORY_NOT_FOUND: {
    reaction: "skip-item",
    meaning: "A memory that was named, for example with `--ids`, is not in the source's list.",
    remedy: "check the id and the connector's context_id; ids are compared letter by letter",
  },
  SOURCE_UNAUTHORIZED: {
    reaction: "stop-run",
    meaning: "The source did not accept the key (401).",
    remedy: "check the key in the source's settings, or the environment variable that it comes from",
  },
  SOURCE_FORBIDDEN: {
    reaction: "stop-run",
    meaning: "The source accepted the key but it may not read this context (403).",
    remedy: "use a key that may read the context, or correct context_id",
  },
  SOURCE_ACCOUNT_CHANGED: {
    reaction: "stop-run",
    meaning:
      "The source shows the memories of another account than before. Its list is not believed, for everything would seem to be deleted.",
    remedy: "use the key of the account that the connector has read so far, or a connector of its own",
  },
  SOURCE_CONTEXT_NOT_FOUND: {
    reaction: "stop-run",
    meaning: "The source has no context of this name (404).",
    remedy: "check the connector's context_id and the path in the source's `url`",
  },
  SOURCE_UNREACHABLE: {
    reaction: "retry",
    meaning: "No connection to the source came about or it broke each time, in all attempts.",
    remedy: "check the source's `url`, the network and whether the server runs",
  },
  SOURCE_TLS: {
    reaction: "stop-run",
    meaning:
      "No secure connection to the source came about: its certificate was refused, or it does not speak TLS.",
    remedy:
      "check http or https in the source's `url`; name the file of a private certificate authority in its `ca`",
  },
  SOURCE_TIMEOUT: {
    reaction: "retry",
    meaning: "The source did not finish its answer in time, in all attempts.",
    remedy: "raise the source's `timeout`, or lower query_limit or query_range",
  },
  SOURCE_UNAVAILABLE: {
    reaction: "retry",
    meaning: "The source or a proxy in front of it answered with an error of its own (5xx), in all attempts.",
    remedy: "look at the source's own log; the next run takes up the work",
  },
  SOURCE_RATE_LIMITED: {
    reaction: "retry",
    meaning: "The source asked to wait (429) for longer than one call may take.",
    remedy: "sync less often, or raise the limit at the source",
  },
  SOURCE_BREAKER_OPEN: {
    reaction: "retry",
    meaning: "The source failed many times in a row and is left alone for a while; nothing was sent.",
    remedy: "wait until the time that the message names; `memory-connector status` shows the state",
    requestRemedy: "wait until the time that the message names; the connector's status shows the state",
  },
  SOURCE_REFUSED: {
    reaction: "stop-run",
    meaning:
      "The source refused the request, for instance its range or limit (a 4xx that has no code of its own).",
    remedy: "check query_range and query_limit against what the server supports",
  },
  SOURCE_REDIRECTED: {
    reaction: "stop-run",
    meaning:
      "The source redirects to another server, or names its next page there. Only the server of its address is asked: it alone gets the key.",
    remedy: "set the source's `url` to the address that the message names, if it is the right one",
  },
  SOURCE_BAD_ANSWER: {
    reaction: "stop-run",
    meaning:
      "The source's answer is not a list of memories: not JSON, cut off before its first item, or of another shape.",
    remedy: "check that the source's `url` is its API and not a web page or another service",
  },
  SOURCE_ANSWER_TOO_LARGE: {
    reaction: "stop-run",
    meaning:
      "The memories of one answer of the source are together more than the connector is willing to hold.",
    remedy: "lower query_limit or query_range",
  },
  SOURCE_TRUNCATED: {
    reaction: "stop-run",
    meaning:
      "Something speaks against the source's list being complete: a full page, its own words, or the list's history. What was shown was processed, and nothing counts as deleted.",
    remedy:
      "mend what the message names; where a server shows only a part, say so with the source's `paging`, `max_limit` or `server_cap`",
  },
} as const satisfies ErrorTable;
