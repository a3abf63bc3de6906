import type { ErrorCode } from "../kernel/errors/codes.ts";

/** Errors of reading a source. */
export const sourceErrors: readonly ErrorCode[] = [
  "SOURCE_UNREACHABLE",
  "SOURCE_TLS",
  "SOURCE_TIMEOUT",
  "SOURCE_CHARSET_UNKNOWN",
  "SOURCE_UNAUTHORIZED",
  "SOURCE_FORBIDDEN",
  "SOURCE_CONTEXT_NOT_FOUND",
  "SOURCE_UNAVAILABLE",
  "SOURCE_RATE_LIMITED",
  "SOURCE_BREAKER_OPEN",
  "SOURCE_REFUSED",
  "SOURCE_REDIRECTED",
  "SOURCE_BAD_ANSWER",
  "SOURCE_ANSWER_TOO_LARGE",
];

/** Errors of reading LightRAG: of the server, the folder, the models. */
export const knowledgeErrors: readonly ErrorCode[] = [
  "SINK_UNREACHABLE",
  "SINK_TLS",
  "SINK_UNAUTHORIZED",
  "SINK_LOGIN_LOCKED",
  "SINK_UNSUPPORTED",
  "SINK_WORKSPACE_MISMATCH",
  "SINK_BREAKER_OPEN",
  "SINK_BUSY",
  "SINK_SERVER_ERROR",
  "SINK_BAD_ANSWER",
  "SINK_RECOVERY_REQUIRED",
  "DIRECT_FOLDER_LOCKED",
  "DIRECT_FOLDER_DAMAGED",
  "DIRECT_FOLDER_FULL",
  "DIRECT_FOLDER_UNUSABLE",
  "DIRECT_FOLDER_CHANGED",
  "DIRECT_FOLDER_MISSING",
  "DIRECT_FOLDER_NEWER",
  "DIRECT_EMBEDDING_CHANGED",
  "MODEL_UNREACHABLE",
  "MODEL_BUSY",
  "MODEL_QUOTA",
  "MODEL_KEY_REFUSED",
  "MODEL_UNKNOWN",
  "MODEL_REQUEST_REFUSED",
  "MODEL_CONTEXT_EXCEEDED",
  "MODEL_DIMENSION_CHANGED",
  "MODEL_SERVER_ERROR",
  "MODEL_ANSWER_UNREADABLE",
  "MODEL_ANSWER_UNUSABLE",
];

/** Errors of sending a message to a channel. */
export const channelErrors: readonly ErrorCode[] = [
  "CHANNEL_UNREACHABLE",
  "CHANNEL_REFUSED",
  "CHANNEL_PARTLY_REFUSED",
  "CHANNEL_DENIED",
  "CHANNEL_LOGIN_REFUSED",
  "CHANNEL_INSECURE",
  "CHANNEL_REDIRECTED",
  "CHANNEL_ADDRESS_PRIVATE",
];

/** Errors of storing a connector's settings where secrets are sealed. */
export const sealingErrors: readonly ErrorCode[] = ["SECRETS_KEY_INVALID", "SECRETS_KEY_COMMAND"];

/** Errors of building a connector's dependencies: its settings were accepted, but do not work. */
export const connectorPartsErrors: readonly ErrorCode[] = ["STRATEGY_UNKNOWN", "TEMPLATE_INVALID"];
