import type { ErrorTable } from "../error-entry.ts";

/** LightRAG as a server. */
export const sinkErrors = {
  SINK_DOCUMENT_FAILED: {
    reaction: "retry",
    meaning:
      "LightRAG accepted the document and could not process it; usually its language model failed on it.",
    remedy:
      "read LightRAG's reason; when it is mended, run `memory-connector dead-letters replay --code SINK_DOCUMENT_FAILED`",
    requestRemedy: "read LightRAG's reason; when it is mended, replay the dead letters of this code",
  },
  SINK_SHARED_FAILURE: {
    reaction: "retry",
    meaning:
      "LightRAG failed on several documents at once and does not say which of them is to blame. None is charged: each is sent alone.",
    remedy: "nothing; the document is sent once more, alone, and only its own failures count",
  },
  SINK_RECORD_CONTRADICTS: {
    reaction: "retry",
    meaning:
      "LightRAG calls the document processed, and its record shows another name, length or beginning than what was sent.",
    remedy: "see who else writes into this LightRAG; the document is removed and sent again",
  },
  SINK_NO_CHUNKS: {
    reaction: "retry",
    meaning: "LightRAG calls the document processed, and has no chunk of it: nothing of it can be found.",
    remedy: "look at LightRAG's log, then run `memory-connector dead-letters replay --code SINK_NO_CHUNKS`",
    requestRemedy: "look at LightRAG's log, then replay the dead letters of this code",
  },
  SINK_DOCUMENT_LOST: {
    reaction: "retry",
    meaning:
      "LightRAG accepted the document and later had no record of it; it may have been restarted or cleared.",
    remedy: "look at LightRAG's log and storage; the document is sent again",
  },
  SINK_DOCUMENTS_MISSING: {
    reaction: "retry",
    meaning:
      "LightRAG does not hold documents that were proved delivered: it was emptied, set up anew or restored from an older copy, or it is another one. What is new is delivered all the same.",
    remedy:
      "see whether it is the right server and workspace; if it has lost them, `memory-connector reconcile --repair` sends them again",
    requestRemedy:
      "see whether it is the right server and workspace; if it has lost them, a reconciliation that repairs sends them again",
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
  SINK_UNREACHABLE: {
    reaction: "stop-run",
    meaning: "LightRAG could not be reached, or did not answer in time, after several attempts.",
    remedy: "check lightrag.api.url, and that the LightRAG server runs and can be reached from this machine",
  },
  SINK_TLS: {
    reaction: "stop-run",
    meaning:
      "No secure connection to LightRAG came about: its certificate was refused, or it does not speak TLS.",
    remedy:
      "check http or https in lightrag.api.url; name the file of a private certificate authority in lightrag.api.ca",
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
    meaning: "What answers is not a LightRAG server of version 1.4.9 or a later 1.x.",
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
  SINK_RECOVERY_REQUIRED: {
    reaction: "stop-run",
    meaning: "LightRAG refuses every change because a deletion or clearing was cut off by a crash.",
    remedy:
      "check the LightRAG server, then lift the fence there (POST /documents/recovery/force_reset) and run again",
  },
} as const satisfies ErrorTable;
