import type { ErrorCode } from "../kernel/errors/codes.ts";

/** How a look at a source may end. */
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

/** How a look into LightRAG may end: the server's side, the folder's, the models'. */
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

/** How sending one message to a channel may end. */
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

/** How keeping the settings of a connector may end where secrets are sealed. */
export const sealingErrors: readonly ErrorCode[] = ["SECRETS_KEY_INVALID", "SECRETS_KEY_COMMAND"];

/** How building what a connector works with may end: its settings were taken, and do not work. */
export const connectorPartsErrors: readonly ErrorCode[] = ["STRATEGY_UNKNOWN", "TEMPLATE_INVALID"];
