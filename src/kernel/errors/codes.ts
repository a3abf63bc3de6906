import { apiErrors } from "./codes/api.ts";
import { archiveErrors } from "./codes/archive.ts";
import { commandErrors } from "./codes/command.ts";
import { configErrors } from "./codes/config.ts";
import { connectorErrors } from "./codes/connector.ts";
import { directErrors } from "./codes/direct.ts";
import { modelErrors } from "./codes/model.ts";
import { notifyErrors } from "./codes/notify.ts";
import { runErrors } from "./codes/run.ts";
import { secretsErrors } from "./codes/secrets.ts";
import { sinkErrors } from "./codes/sink.ts";
import { sourceErrors } from "./codes/source.ts";
import { stateErrors } from "./codes/state.ts";
import { transformErrors } from "./codes/transform.ts";
import type { ErrorEntry } from "./error-entry.ts";

export type { ErrorEntry, Reaction } from "./error-entry.ts";

/**
 * Every error code of the project, by area. The code is public: scripts and API clients branch on it, so a code is
 * never renamed. `docs/errors.md` is generated from this table.
 */
const table = {
  ...commandErrors,
  ...configErrors,
  ...sourceErrors,
  ...transformErrors,
  ...sinkErrors,
  ...directErrors,
  ...modelErrors,
  ...runErrors,
  ...stateErrors,
  ...archiveErrors,
  ...connectorErrors,
  ...apiErrors,
  ...secretsErrors,
  ...notifyErrors,
} as const;

export type ErrorCode = keyof typeof table;
export const errorCodes: Record<ErrorCode, ErrorEntry> = table;
