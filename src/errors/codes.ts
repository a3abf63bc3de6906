/**
 * Every error code of the project. The code is public: scripts and API clients branch on it, so a code is
 * never renamed. `docs/errors.md` is generated from this table.
 *
 * reaction:
 * - `retry`      the same call may work later; it is tried again with backoff
 * - `skip-item`  this one memory cannot go on; it becomes a dead letter, the others go on
 * - `stop-run`   the run cannot go on; nothing is lost, the next run takes up the work
 * - `fix-input`  the command or the configuration is wrong; nothing was started
 */
export type Reaction = "retry" | "skip-item" | "stop-run" | "fix-input";

export interface ErrorEntry {
  reaction: Reaction;
  /** What it means and what usually causes it. */
  meaning: string;
  /** What the reader can do. Also the default hint. */
  remedy: string;
}

const table = {
  USAGE: {
    reaction: "fix-input",
    meaning: "The command line is not one that the program understands.",
    remedy: "run the command with --help",
  },
  NOT_CONFIRMED: {
    reaction: "fix-input",
    meaning: "The command asks before it acts, and nobody said yes.",
    remedy: "run it again with --yes",
  },
  ERASE_UNPROVED: {
    reaction: "stop-run",
    meaning:
      "`erase` removed the memory's documents, and LightRAG's listing still shows some. The ledger holds the memory as to be deleted.",
    remedy: "wait until LightRAG is idle and run `erase` again",
  },
  ENTITY_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The graph has no entity of exactly this name; upper and lower case count.",
    remedy: "look for the name in `memory-connector graph --top 100`",
  },
  MEMORY_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The ledger has no row for this memory: it was never seen, or the connector was reset.",
    remedy: "look at the id; `memory-connector sync` takes up what the Memory API shows",
  },
  CONFIG_EXISTS: {
    reaction: "fix-input",
    meaning: "`init` found a file where it was to write one.",
    remedy: "name another file by --config, or overwrite it with --force",
  },
  CONFIG_NOT_WRITTEN: {
    reaction: "fix-input",
    meaning: "`init` could not write its file.",
    remedy: "choose a folder that exists and that you may write to",
  },
  CANCELLED: {
    reaction: "stop-run",
    meaning: "The run was cancelled by a signal, a person or its time limit.",
    remedy: "run it again; it goes on where it stopped",
  },
  RUN_TIMED_OUT: {
    reaction: "stop-run",
    meaning: "The run took longer than `advanced.pipeline.job_timeout_minutes` allows.",
    remedy: "run it again, it goes on where it stopped; raise the limit if LightRAG is just slow",
  },
  RUN_HELD: {
    reaction: "stop-run",
    meaning:
      "The run was about to change more in LightRAG than the connector allows without a word: to send more of the delivered memories again than `ingestion.max_resend_percent`, most often because the transformation was changed. Nothing was sent.",
    remedy:
      "look at it with `memory-connector plan`; if it is meant: `memory-connector sync --accept-resend`, if not: undo the change",
  },
  DELETIONS_SUSPECT: {
    reaction: "stop-run",
    meaning:
      "The Memory API's list lacks more known memories than `deletions.max_percent` allows, or is empty. Nothing was deleted; new and changed memories were delivered.",
    remedy:
      "look at the Memory API; if the memories are really gone: `memory-connector sync --accept-deletions`",
  },
  BUDGET_TOO_SMALL: {
    reaction: "skip-item",
    meaning: "The memory's document alone is larger than the connector's budget of a whole day.",
    remedy: "raise the connector's `budget`, then `memory-connector dead-letters replay`",
  },
  PAYLOAD_MISSING: {
    reaction: "skip-item",
    meaning:
      "A ledger row is to be delivered and does not hold its memory any more: damaged state, or a defect.",
    remedy: "run `sync --force --ids ID` to fetch the memory again",
  },
  SINK_DOCUMENT_FAILED: {
    reaction: "retry",
    meaning:
      "LightRAG accepted the document and could not process it; usually its language model failed on it.",
    remedy: "read LightRAG's reason; when it is mended, run `dead-letters replay`",
  },
  SINK_NO_CHUNKS: {
    reaction: "retry",
    meaning: "LightRAG calls the document processed, and has no chunk of it: nothing of it can be found.",
    remedy: "look at LightRAG's log, then run `dead-letters replay`",
  },
  SINK_DOCUMENT_LOST: {
    reaction: "retry",
    meaning:
      "LightRAG accepted the document and later had no record of it; it may have been restarted or cleared.",
    remedy: "look at LightRAG's log and storage; the document is sent again",
  },
  SINK_DOCUMENT_STUCK: {
    reaction: "retry",
    meaning: "LightRAG's record of the document did not move for longer than `stuck_after`.",
    remedy: "look at LightRAG's log and its model; raise `lightrag.api.stuck_after` if it is just slow",
  },
  SINK_MODEL_UNAVAILABLE: {
    reaction: "stop-run",
    meaning: "LightRAG's own language or embedding model is out of quota, rate limited or out of reach.",
    remedy: "mend LightRAG's model (quota, key, address), then run again; no memory has lost an attempt",
  },
  PORT_UNAVAILABLE: {
    reaction: "fix-input",
    meaning: "The service cannot listen on a port: another program has it, or it needs more rights.",
    remedy: "end the other program, or configure another port",
  },
  INTERNAL: {
    reaction: "stop-run",
    meaning: "Something happened that the program did not expect: a defect.",
    remedy: "run again with --verbose and report what it prints",
  },
  DIRECT_FOLDER_DAMAGED: {
    reaction: "stop-run",
    meaning: "A file of the storage folder is not what LightRAG writes: cut short, or edited by hand.",
    remedy: "put the file back from a backup, or move the folder away and sync everything again with `reset`",
  },
  DIRECT_FOLDER_LOCKED: {
    reaction: "stop-run",
    meaning: "Another process works on the storage folder: it has one writer at a time.",
    remedy: "wait until that process ends; `query` and `graph` read the folder beside it",
  },
  DIRECT_FOLDER_FULL: {
    reaction: "stop-run",
    meaning: "The disk has no room for what was to be written. Everything that was accepted before is safe.",
    remedy: "free some room on that disk and run again; it goes on where it stopped",
  },
  DIRECT_FOLDER_UNUSABLE: {
    reaction: "stop-run",
    meaning: "The storage folder cannot be read or written: permissions, a missing disk, an I/O error.",
    remedy: "make `lightrag.direct.working_dir` a folder that this user may write, and check the disk",
  },
  DIRECT_FOLDER_CHANGED: {
    reaction: "fix-input",
    meaning:
      "Another program, such as a LightRAG server, wrote to the storage folder while a run worked on it or had left work beside it.",
    remedy:
      "go back to a copy of the folder from before, or delete `memory_connector.journal` in it and `reset` the connectors",
  },
  DIRECT_FOLDER_MISSING: {
    reaction: "fix-input",
    meaning:
      "There is no storage folder to read: nothing has been synced into it, or the setting names another place.",
    remedy: "run `memory-connector sync` first, or correct `lightrag.direct.working_dir`",
  },
  DIRECT_FOLDER_NEWER: {
    reaction: "fix-input",
    meaning:
      "A newer version of memory-connector has written the storage folder in a way that this one does not know.",
    remedy: "install that version or a newer one, or use another `working_dir`",
  },
  DIRECT_EMBEDDING_CHANGED: {
    reaction: "fix-input",
    meaning:
      "The storage folder was made with another embedding model: its vectors cannot be compared with the new ones.",
    remedy:
      "configure the embedding model that the folder was made with, or use a new `working_dir` and sync everything again",
  },
  CONFIG_NOT_FOUND: {
    reaction: "fix-input",
    meaning: "The configuration file, or a file that it names, does not exist.",
    remedy: "check the path, or write a configuration with `memory-connector init`",
  },
  CONFIG_UNREADABLE: {
    reaction: "fix-input",
    meaning:
      "The configuration file, or its `.env`, may not be read, is no text in UTF-8, or is far too large.",
    remedy: "check the file and who may read it",
  },
  CONFIG_SYNTAX: {
    reaction: "fix-input",
    meaning:
      "The configuration file is not YAML, or not a map of settings. The message names line and column.",
    remedy: "correct the file; `memory-connector init` writes one to compare with",
  },
  CONFIG_INVALID: {
    reaction: "fix-input",
    meaning: "Settings are unknown, missing or wrong, or do not fit together. Every problem is listed.",
    remedy: "correct each of them; docs/configuration.md describes every setting",
  },
  MODEL_UNREACHABLE: {
    reaction: "retry",
    meaning: "The model endpoint cannot be reached or did not answer in time.",
    remedy: "check that the endpoint runs and that its base URL is right; raise the timeout for a slow model",
  },
  MODEL_BUSY: {
    reaction: "retry",
    meaning: "The model endpoint asks for fewer requests, or fails inside, and kept doing so.",
    remedy: "wait, or lower the model's concurrency",
  },
  MODEL_QUOTA: {
    reaction: "stop-run",
    meaning: "The account at the model provider has no money or no quota left.",
    remedy: "top up the account or raise its limit, then run again; it goes on where it stopped",
  },
  MODEL_KEY_REFUSED: {
    reaction: "stop-run",
    meaning: "The model endpoint does not accept the API key.",
    remedy: "set the key that belongs to this endpoint",
  },
  MODEL_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The endpoint does not have this model, or the base URL leads elsewhere.",
    remedy: "correct the model's name or the base URL (most end in `/v1`); with Ollama, pull the model first",
  },
  MODEL_REQUEST_REFUSED: {
    reaction: "skip-item",
    meaning: "The model endpoint refused this one request, for example because of its length or its content.",
    remedy: "look at the endpoint's own log; shorten the memory or use a model with a larger context",
  },
  MODEL_ANSWER_UNUSABLE: {
    reaction: "retry",
    meaning: "The model endpoint answered with something that is not an answer of its kind.",
    remedy: "check that the endpoint is OpenAI-compatible and that the model fits the task",
  },
  MEMORY_MALFORMED: {
    reaction: "skip-item",
    meaning: "One item of an otherwise good list does not have the shape of a memory.",
    remedy: "correct the item at the Memory API; it is taken up again when it changes",
  },
  SOURCE_UNAUTHORIZED: {
    reaction: "stop-run",
    meaning: "The Memory API did not accept the API key (401).",
    remedy: "check memory_api.api_key, or MEMORY_API_KEY in the environment",
  },
  SOURCE_FORBIDDEN: {
    reaction: "stop-run",
    meaning: "The Memory API accepted the key but it may not read this context (403).",
    remedy: "use a key that may read the context, or correct context_id",
  },
  SOURCE_CONTEXT_NOT_FOUND: {
    reaction: "stop-run",
    meaning: "The Memory API has no context of this name (404).",
    remedy: "check the connector's context_id and the path in memory_api.url",
  },
  SOURCE_UNREACHABLE: {
    reaction: "retry",
    meaning: "No connection to the Memory API came about or it broke each time, in all attempts.",
    remedy: "check memory_api.url, the network and whether the server runs",
  },
  SOURCE_TLS: {
    reaction: "stop-run",
    meaning:
      "No secure connection to the Memory API came about: its certificate was refused, or it does not speak TLS.",
    remedy:
      "check http or https in memory_api.url; make a private certificate authority known with NODE_EXTRA_CA_CERTS",
  },
  SOURCE_TIMEOUT: {
    reaction: "retry",
    meaning: "The Memory API did not finish its answer in time, in all attempts.",
    remedy: "raise memory_api.timeout, or lower query_limit or query_range",
  },
  SOURCE_UNAVAILABLE: {
    reaction: "retry",
    meaning:
      "The Memory API or a proxy in front of it answered with an error of its own (5xx), in all attempts.",
    remedy: "look at the Memory API's own log; the next run takes up the work",
  },
  SOURCE_RATE_LIMITED: {
    reaction: "retry",
    meaning: "The Memory API asked to wait (429) for longer than one call may take.",
    remedy: "sync less often, or raise the limit at the Memory API",
  },
  SOURCE_BREAKER_OPEN: {
    reaction: "retry",
    meaning: "The Memory API failed many times in a row and is left alone for a while; nothing was sent.",
    remedy: "wait until the time that the message names; `status` shows the state",
  },
  SOURCE_REFUSED: {
    reaction: "stop-run",
    meaning:
      "The Memory API refused the request, for instance its range or limit (a 4xx that has no code of its own).",
    remedy: "check query_range and query_limit against what the server supports",
  },
  SOURCE_REDIRECTED: {
    reaction: "stop-run",
    meaning: "The Memory API redirects to another server, which would be given the key.",
    remedy: "set memory_api.url to the address that the message names, if it is the right one",
  },
  SOURCE_BAD_ANSWER: {
    reaction: "stop-run",
    meaning:
      "The answer of the Memory API is not a list of memories: not JSON, cut off, or of another shape.",
    remedy: "check that memory_api.url is the Memory API and not a web page or another service",
  },
  SOURCE_ANSWER_TOO_LARGE: {
    reaction: "stop-run",
    meaning: "One answer of the Memory API is larger than the connector is willing to hold.",
    remedy: "lower query_limit or query_range",
  },
  SOURCE_TRUNCATED: {
    reaction: "stop-run",
    meaning:
      "The Memory API showed a full page and may hold more, so the listing is not complete. What was shown was processed.",
    remedy:
      "raise memory_api.max_limit, set memory_api.paging if the server has it, or state its cap in memory_api.server_cap",
  },
  MEDIA_NOT_FOUND: {
    reaction: "skip-item",
    meaning: "The Memory API has no such audio or image, though the memory's flag said so.",
    remedy: "nothing, when the medium was removed at the source",
  },
  MEDIA_TOO_LARGE: {
    reaction: "skip-item",
    meaning: "A medium is larger than the connector may download.",
    remedy: "raise the size limit for media",
  },
  MEDIA_TYPE_UNSUPPORTED: {
    reaction: "skip-item",
    meaning: "A medium has a content type that is neither the audio nor the image that was asked for.",
    remedy: "correct the medium at the Memory API",
  },
  MEDIA_BUDGET_SPENT: {
    reaction: "retry",
    meaning: "As many media were read in this run or on this day as the configuration allows to pay for.",
    remedy: "wait for the next run or day, or raise media.max_per_run or media.max_per_day",
  },
  MEDIA_NOT_WRITTEN: {
    reaction: "stop-run",
    meaning: "A downloaded medium could not be written to disk.",
    remedy: "check free space and permissions of the folder that the message names",
  },
  CHANNEL_UNKNOWN: {
    reaction: "fix-input",
    meaning: "No alert channel and no webhook of the configuration has this id.",
    remedy: "`memory-connector alerts list` shows them",
  },
  CHANNEL_UNREACHABLE: {
    reaction: "retry",
    meaning:
      "A channel did not answer, or answered that it is down or busy. The message waits and is sent again.",
    remedy: "nothing to do when it passes; else look at the receiver and at the way to it",
  },
  CHANNEL_REFUSED: {
    reaction: "skip-item",
    meaning: "A channel does not like this message. It is sent again later, for a day; the others go on.",
    remedy:
      "look at the answer: the form or the size may be wrong; then `memory-connector alerts test CHANNEL`",
  },
  CHANNEL_DENIED: {
    reaction: "fix-input",
    meaning: "A channel takes nothing at this address, or nothing from us. Its messages wait, for a day.",
    remedy: "check the address and the key in it; then `memory-connector alerts test CHANNEL`",
  },
  CHANNEL_LOGIN_REFUSED: {
    reaction: "fix-input",
    meaning: "A mail server refused the login, or offers none.",
    remedy: "check `username`, `password` and `security` of the channel",
  },
  CHANNEL_INSECURE: {
    reaction: "fix-input",
    meaning:
      "No secure connection to a channel came about: its certificate is not trusted, or it does not speak TLS.",
    remedy:
      "check the address and `security`; name the authority of an own certificate in NODE_EXTRA_CA_CERTS",
  },
  CHANNEL_REDIRECTED: {
    reaction: "fix-input",
    meaning:
      "A channel answered with a redirect. Redirects are not followed: they could lead into your network.",
    remedy: "set the address that it redirects to, if you trust it",
  },
  CHANNEL_ADDRESS_PRIVATE: {
    reaction: "fix-input",
    meaning: "The name of a channel leads to an address that is not public. Nothing was sent.",
    remedy: "if that is right, add the address or its range to `monitoring.private_addresses`",
  },
  TEMPLATE_INVALID: {
    reaction: "fix-input",
    meaning:
      "The template of the `template` strategy cannot be used: its syntax is wrong or it names an unknown variable.",
    remedy: "correct the template; docs/transformation.md lists the variables",
  },
  GEOCODER_FAILED: {
    reaction: "retry",
    meaning:
      "The geocoding service could not be reached or answered with an error. The offline gazetteer was used.",
    remedy: "check geocoder.url; the service is asked again later by itself",
  },
  STRATEGY_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The configuration names a transformation strategy that does not exist.",
    remedy: "use a strategy that docs/configuration.md lists under transformation.strategy",
  },
  LEDGER_TRANSITION: {
    reaction: "stop-run",
    meaning: "A ledger row was asked to make a move that its state does not allow: a defect.",
    remedy: "report it with the row that `dead-letters show` or `status --json` prints",
  },
  DEAD_LETTER_EMPTY: {
    reaction: "fix-input",
    meaning: "A dead letter cannot be replayed because the source never showed a well-formed memory to send.",
    remedy: "correct the item at the Memory API; it is taken up again when it changes",
  },
  DEAD_LETTER_UNKNOWN: {
    reaction: "fix-input",
    meaning:
      "The memory is no dead letter, or not any more: it was replayed, dropped, or its source mended it.",
    remedy: "look at the list of dead letters",
  },
  STATE_CONFLICT: {
    reaction: "retry",
    meaning: "A ledger row was changed by someone else between reading and saving it. Nothing was saved.",
    remedy: "read the row again and repeat the change",
  },
  STATE_ID_INVALID: {
    reaction: "skip-item",
    meaning: "An id holds half of a surrogate pair, which no text store can keep.",
    remedy: "correct the id at its source",
  },
  STATE_CURSOR_INVALID: {
    reaction: "fix-input",
    meaning: "A page was asked for with a cursor that this list did not hand out.",
    remedy: "start again from the first page",
  },
  STATE_CORRUPT: {
    reaction: "stop-run",
    meaning: "The state file is damaged and could not be repaired from a good copy.",
    remedy:
      "restore the file from a backup, or move it away to begin afresh: documents that LightRAG holds are adopted, not doubled",
  },
  STATE_FOREIGN: {
    reaction: "fix-input",
    meaning: "The file at the state path belongs to another program, or to the other state backend.",
    remedy: "correct state.path or state.backend in the configuration",
  },
  STATE_TOO_NEW: {
    reaction: "fix-input",
    meaning: "The state was written by a newer version of memory-connector.",
    remedy: "install that version again, or restore a backup from before the upgrade",
  },
  STATE_DISK_FULL: {
    reaction: "stop-run",
    meaning: "The disk that holds the state is full. What was saved before is safe.",
    remedy: "free some space on that disk and run again; the run goes on where it stopped",
  },
  STATE_READ_FAILED: {
    reaction: "stop-run",
    meaning: "The state could not be opened or read: a wrong path, missing permission or failing disk.",
    remedy: "check that state.path is a file in an existing folder that this user may read and write",
  },
  STATE_WRITE_FAILED: {
    reaction: "stop-run",
    meaning:
      "The state could not be written: missing permission, a failing disk, or a database that stays busy.",
    remedy: "check the disk and the permissions of the state folder and run again",
  },
  STATE_READ_ONLY: {
    reaction: "stop-run",
    meaning: "A change was asked of a state store that was opened for reading only: a defect.",
    remedy: "report it with the command that was run",
  },
  STATE_CLOSED: {
    reaction: "stop-run",
    meaning: "A state store was used after it was closed: a defect.",
    remedy: "report it with the command that was run",
  },
  STATE_LOCKED: {
    reaction: "stop-run",
    meaning: "Another process is writing this state. The json backend allows one writing process at a time.",
    remedy: "wait until that process ends, or use `state.backend: sqlite`",
  },
  STATE_MISSING: {
    reaction: "fix-input",
    meaning: "A state was to be exported, copied or migrated, and there is none at its path.",
    remedy: "check state.path in the configuration",
  },
  STATE_NOT_EMPTY: {
    reaction: "fix-input",
    meaning: "A restore or a migration would replace what a state holds. Nothing was changed.",
    remedy: "add --replace: what is there is kept beside it under another name; or choose another state.path",
  },
  ARCHIVE_UNREADABLE: {
    reaction: "fix-input",
    meaning: "The archive does not exist or may not be read.",
    remedy: "check the path and who may read it",
  },
  ARCHIVE_FOREIGN: {
    reaction: "fix-input",
    meaning: "The file is not an archive that `memory-connector export` wrote. Nothing was changed.",
    remedy: "name a file that `export` wrote; one that was unpacked and packed again is none",
  },
  ARCHIVE_TOO_NEW: {
    reaction: "fix-input",
    meaning: "The archive was written by a newer version of memory-connector. Nothing was changed.",
    remedy: "restore it with that version or a later one",
  },
  ARCHIVE_DAMAGED: {
    reaction: "fix-input",
    meaning:
      "The archive is cut short, or what it holds is not what was written into it. Nothing was changed.",
    remedy: "use another archive; `restore --check` tells whether one is whole",
  },
  ARCHIVE_TOO_LARGE: {
    reaction: "fix-input",
    meaning:
      "The archive goes beyond the limits of what an export writes, as a decompression bomb does. Nothing was changed.",
    remedy: "use an archive from a source that you trust; docs/backup.md names the limits",
  },
  ARCHIVE_EXISTS: {
    reaction: "fix-input",
    meaning: "A file was to be written where there is one already. It was left alone.",
    remedy: "choose another name, or overwrite it with --force",
  },
  ARCHIVE_NOT_WRITTEN: {
    reaction: "stop-run",
    meaning:
      "The archive or the copy could not be written: no room, no permission, a failing disk. Nothing was left behind.",
    remedy: "check the folder and the room on its disk, then run it again",
  },
  SCHEDULE_INVALID: {
    reaction: "fix-input",
    meaning: "A cron expression or its time zone cannot be understood, or never comes due.",
    remedy: "correct schedule.cron or schedule.timezone of the connector",
  },
  SCHEDULER_STOPPED: {
    reaction: "retry",
    meaning: "A run was asked for while the service was starting or stopping.",
    remedy: "ask again when the service runs",
  },
  RUN_ACTIVE: {
    reaction: "retry",
    meaning: "A run was asked for while the connector's last one is queued or under way.",
    remedy: "wait until it ends, or cancel it first",
  },
  RUN_NOT_ACTIVE: {
    reaction: "fix-input",
    meaning: "A run was to be cancelled, and the connector has none that is queued or under way.",
    remedy: "look at the connector's status",
  },
  CONNECTOR_UNKNOWN: {
    reaction: "fix-input",
    meaning: "No connector has this id.",
    remedy: "`memory-connector list` shows the ids",
  },
  API_REQUEST_INVALID: {
    reaction: "fix-input",
    meaning: "A request to the management API does not have the shape that its endpoint asks for.",
    remedy: "compare it with the reference at /docs; `problems` names every place",
  },
  API_KEY_REFUSED: {
    reaction: "fix-input",
    meaning:
      "A request to the management API came without a key, or with one that is wrong, revoked or out of date.",
    remedy: "send a key as `X-API-Key` or as a bearer token; `memory-connector keys create` makes one",
  },
  API_ROLE_REFUSED: {
    reaction: "fix-input",
    meaning: "The key may look but not change anything.",
    remedy: "use a key of the role `admin`",
  },
  API_PATH_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The management API has no endpoint at this path.",
    remedy: "look at the reference at /docs",
  },
  API_METHOD_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The endpoint does not answer to this method.",
    remedy: "use one of those that the `Allow` header names",
  },
  API_BODY_TOO_LARGE: {
    reaction: "fix-input",
    meaning: "The body of a request to the management API is larger than it takes.",
    remedy: "send at most 256 KiB",
  },
  API_HEADERS_TOO_LARGE: {
    reaction: "fix-input",
    meaning: "The path and the headers of a request to the management API together are larger than 16 KiB.",
    remedy: "send less of them; long lists of ids belong into a body",
  },
  API_MEDIA_TYPE: {
    reaction: "fix-input",
    meaning: "The body of a request to the management API is not JSON.",
    remedy: "send JSON with `Content-Type: application/json`",
  },
  API_TOO_MANY_REQUESTS: {
    reaction: "retry",
    meaning: "One address asked too often, or tried too many wrong keys.",
    remedy: "wait for the time that the `Retry-After` header names",
  },
  API_KEY_UNKNOWN: {
    reaction: "fix-input",
    meaning: "A key was to be rotated or revoked, and no working key has this id.",
    remedy: "`memory-connector keys list` shows the ids",
  },
  SECRETS_KEY_MISSING: {
    reaction: "fix-input",
    meaning:
      "A stored secret is sealed with a key that the configuration does not name. Nothing was changed.",
    remedy:
      "put that key into ENCRYPTION_KEY (advanced.security.encryption_key) again; after a change of keys behind the new one, with a comma",
  },
  SECRETS_KEY_INVALID: {
    reaction: "fix-input",
    meaning: "The encryption key does not have the form of one: 32 random bytes in base64 or hex.",
    remedy: "make one with `memory-connector secrets generate-key`",
  },
  SECRETS_KEY_COMMAND: {
    reaction: "stop-run",
    meaning: "The command that prints the encryption key failed, took too long or printed too much.",
    remedy: "run the command of advanced.security.kms_command by hand as the same user",
  },
  SECRETS_DAMAGED: {
    reaction: "stop-run",
    meaning:
      "A sealed secret does not open with its own key: it was changed, or moved from another record. Nothing was changed.",
    remedy: "restore the state from a copy, or remove the connector and make it again with its secrets",
  },
  SERVICE_UNREACHABLE: {
    reaction: "stop-run",
    meaning: "A command talks to a running service, and none answers at the address.",
    remedy: "start it with `memory-connector serve`, or name its address by --url",
  },
  SCHEDULER_ELSEWHERE: {
    reaction: "retry",
    meaning: "This process serves the API only, and no process that schedules answered in time.",
    remedy: "see that a process with `--scheduler-only` runs on the same state, then ask again",
  },
  RUN_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The history has no run of this id; it may have been removed with age.",
    remedy: "`memory-connector history` shows the ids",
  },
  CONNECTOR_EXISTS: {
    reaction: "fix-input",
    meaning: "A connector was to be made under an id that another one has, in the configuration file or not.",
    remedy: "choose another id, or change the connector that is there",
  },
  CONNECTOR_READ_ONLY: {
    reaction: "fix-input",
    meaning: "A connector of the configuration file was to be changed or removed through the API.",
    remedy: "change the configuration file; the service takes it up by itself",
  },
  CONNECTOR_DISABLED: {
    reaction: "fix-input",
    meaning: "A run was asked for of a connector that is switched off.",
    remedy: "set `enabled: true` for it",
  },
  CONNECTOR_LOCKED: {
    reaction: "stop-run",
    meaning: "Another run is working on this connector.",
    remedy: "wait until that run ends; a lock whose holder died is taken over at once",
  },
  SINK_UNREACHABLE: {
    reaction: "stop-run",
    meaning: "LightRAG could not be reached, or did not answer in time, after several attempts.",
    remedy: "check lightrag.api.url, and that the LightRAG server runs and can be reached from this machine",
  },
  SINK_BREAKER_OPEN: {
    reaction: "stop-run",
    meaning: "LightRAG failed many times in a row and is left alone for a while; nothing was sent.",
    remedy: "mend LightRAG or wait until the time that the message names; no memory has lost an attempt",
  },
  SINK_UNAUTHORIZED: {
    reaction: "stop-run",
    meaning: "LightRAG refused the API key or the login, or wants one and got none.",
    remedy: "correct lightrag.api.api_key, or lightrag.api.username and lightrag.api.password",
  },
  SINK_LOGIN_LOCKED: {
    reaction: "stop-run",
    meaning: "LightRAG has locked the login after several wrong passwords.",
    remedy: "correct lightrag.api.username and lightrag.api.password and wait some minutes",
  },
  SINK_UNSUPPORTED: {
    reaction: "fix-input",
    meaning: "What answers is not a LightRAG server of version 1.4 or a later 1.x.",
    remedy: "correct lightrag.api.url, or upgrade the LightRAG server",
  },
  SINK_WORKSPACE_MISMATCH: {
    reaction: "fix-input",
    meaning: "The LightRAG server serves another workspace than the configuration names. Nothing was sent.",
    remedy: "correct lightrag.api.url or lightrag.api.workspace",
  },
  SINK_BUSY: {
    reaction: "retry",
    meaning: "LightRAG cannot do it now: it is at work, at its limit, or deleting. Nothing was taken.",
    remedy: "wait; it is tried again",
  },
  SINK_REJECTED: {
    reaction: "skip-item",
    meaning: "LightRAG will never take this document as it is.",
    remedy: "correct the memory at its source; it is taken up again when it changes",
  },
  SINK_DOCUMENT_TOO_LARGE: {
    reaction: "skip-item",
    meaning: "The document is larger than the LightRAG server takes in one request.",
    remedy: "shorten the memory, or raise MAX_REQUEST_BODY_BYTES at the LightRAG server",
  },
  SINK_DELETE_REFUSED: {
    reaction: "skip-item",
    meaning: "LightRAG accepted the deletion of a document several times and did not delete it.",
    remedy: "look into the LightRAG server's log, delete the document in its web interface, then replay it",
  },
  SINK_OUTCOME_UNKNOWN: {
    reaction: "retry",
    meaning: "The answer to an insert was lost, and LightRAG does not list the document yet.",
    remedy: "nothing; LightRAG is asked for the document before it is sent again",
  },
  SINK_SERVER_ERROR: {
    reaction: "retry",
    meaning: "LightRAG, or a proxy before it, answered with an error of its own.",
    remedy: "look into the LightRAG server's log",
  },
  SINK_BAD_ANSWER: {
    reaction: "stop-run",
    meaning: "An answer does not have the shape of LightRAG's: another program or a proxy's page answers.",
    remedy: "check that lightrag.api.url leads to LightRAG itself, and its version",
  },
  QUESTION_TOO_SHORT: {
    reaction: "fix-input",
    meaning: "A question has fewer characters than LightRAG takes.",
    remedy: "ask in at least three characters",
  },
  SINK_RECOVERY_REQUIRED: {
    reaction: "stop-run",
    meaning: "LightRAG refuses every change because a deletion or clearing was cut off by a crash.",
    remedy:
      "check the LightRAG server, then lift the fence there (POST /documents/recovery/force_reset) and run again",
  },
} as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof table;
export const errorCodes: Record<ErrorCode, ErrorEntry> = table;
