import type { CheckResult } from "../sync/check-connector.ts";

/** What operations tell while they work. */
export interface OperationEvents {
  "check:try": { connectorId: string; subject: string };
  "check:result": CheckResult;
}
