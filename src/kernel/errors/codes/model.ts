import type { ErrorTable } from "../error-entry.ts";

/** Models, behind OpenAI-compatible endpoints and in this process. */
export const modelErrors = {
  MODEL_UNREACHABLE: {
    reaction: "retry",
    meaning: "The model endpoint cannot be reached or did not answer in time.",
    remedy: "check that the endpoint runs and that its base URL is right; raise the timeout for a slow model",
  },
  MODEL_BUSY: {
    reaction: "retry",
    meaning: "The model endpoint asks for fewer requests or is overloaded, and kept doing so.",
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
  MODEL_CONTEXT_EXCEEDED: {
    reaction: "skip-item",
    meaning: "The text is longer than what the model takes at once.",
    remedy:
      "set `lightrag.direct.chunk_token_size` (and `chunk_overlap_token_size`) below the model's limit, with room for the question; then `memory-connector dead-letters replay --code MODEL_CONTEXT_EXCEEDED`",
    requestRemedy:
      "set `lightrag.direct.chunk_token_size` (and `chunk_overlap_token_size`) below the model's limit, with room for the question; then replay the dead letters of this code",
  },
  MODEL_DIMENSION_CHANGED: {
    reaction: "stop-run",
    meaning:
      "The embedding endpoint gives vectors of another length than before: another model answers under this name.",
    remedy:
      "bring back the model that the folder was made with, or correct `lightrag.direct.embedding.dimension`; the run goes on where it stopped",
  },
  MODEL_SERVER_ERROR: {
    reaction: "retry",
    meaning: "The model endpoint failed inside, and kept doing so with this request.",
    remedy: "look at the endpoint's own log; if it fails for every request, restart it",
  },
  MODEL_ANSWER_UNREADABLE: {
    reaction: "retry",
    meaning:
      "The chat model answered, twice, and neither answer holds a record that can be read: prose, or a form of its own.",
    remedy:
      "use a chat model that follows the format it is asked for (a larger one mostly does), then `memory-connector dead-letters replay --code MODEL_ANSWER_UNREADABLE`",
    requestRemedy:
      "use a chat model that follows the format it is asked for (a larger one mostly does), then replay the dead letters of this code",
  },
  MODEL_ANSWER_UNUSABLE: {
    reaction: "retry",
    meaning: "The model endpoint answered with something that is not an answer of its kind.",
    remedy: "check that the endpoint is OpenAI-compatible and that the model fits the task",
  },
  MODEL_RUNTIME_MISSING: {
    reaction: "fix-input",
    meaning: "The embedding model is to run in this process, and a package that runs it is not installed.",
    remedy:
      "install it where memory-connector is installed: `npm install onnxruntime-node@1 @huggingface/tokenizers@0.2`, globally where that is global",
  },
  MODEL_FILES_UNUSABLE: {
    reaction: "fix-input",
    meaning: "The folder of the embedding model lacks a file, or one of them is not what it should be.",
    remedy:
      "set `lightrag.direct.embedding.model_path` to a folder with `model.onnx`, `tokenizer.json`, `tokenizer_config.json` and `config.json`, as sentence-transformers export them",
  },
} as const satisfies ErrorTable;
