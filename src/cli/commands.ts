import type { CommandSpec } from "./command.ts";
import { alertsCommand } from "./commands/alerts.ts";
import { auditCommand } from "./commands/audit.ts";
import { backfillCommand } from "./commands/backfill.ts";
import { backupCommand } from "./commands/backup.ts";
import { checkCommand } from "./commands/check.ts";
import { completionCommand } from "./commands/completion.ts";
import { deadLettersCommand } from "./commands/dead-letters.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { eraseCommand } from "./commands/erase.ts";
import { errorsCommand } from "./commands/errors.ts";
import { exportCommand } from "./commands/export.ts";
import { graphCommand } from "./commands/graph.ts";
import { historyCommand } from "./commands/history.ts";
import { importCommand } from "./commands/import.ts";
import { initCommand } from "./commands/init.ts";
import { keysCommand } from "./commands/keys.ts";
import { listCommand } from "./commands/list.ts";
import { mcpCommand } from "./commands/mcp.ts";
import { memoriesCommand } from "./commands/memories.ts";
import { memoryCommand } from "./commands/memory.ts";
import { placesCommand } from "./commands/places.ts";
import { planCommand } from "./commands/plan.ts";
import { pushCommand } from "./commands/push.ts";
import { queryCommand } from "./commands/query.ts";
import { reconcileCommand } from "./commands/reconcile.ts";
import { resetCommand } from "./commands/reset.ts";
import { restoreCommand } from "./commands/restore.ts";
import { cancelCommand, pauseCommand, resumeCommand, triggerCommand } from "./commands/running-service.ts";
import { secretsCommand } from "./commands/secrets.ts";
import { serveCommand } from "./commands/serve.ts";
import { stateCommand } from "./commands/state.ts";
import { statusCommand } from "./commands/status.ts";
import { resyncCommand, syncCommand } from "./commands/sync.ts";
import { timelineCommand } from "./commands/timeline.ts";
import { validateCommand } from "./commands/validate.ts";
import { watchCommand } from "./commands/watch.ts";

/** Every command, in the order in which help and documentation show them. */
export const commands: readonly CommandSpec[] = [
  demoCommand,
  importCommand,
  initCommand,
  validateCommand,
  checkCommand,
  doctorCommand,
  planCommand,
  syncCommand,
  resyncCommand,
  backfillCommand,
  pushCommand,
  serveCommand,
  triggerCommand,
  pauseCommand,
  resumeCommand,
  cancelCommand,
  watchCommand,
  keysCommand,
  secretsCommand,
  auditCommand,
  statusCommand,
  listCommand,
  historyCommand,
  queryCommand,
  graphCommand,
  memoriesCommand,
  memoryCommand,
  timelineCommand,
  placesCommand,
  mcpCommand,
  errorsCommand,
  deadLettersCommand,
  reconcileCommand,
  eraseCommand,
  alertsCommand,
  resetCommand,
  exportCommand,
  restoreCommand,
  backupCommand,
  stateCommand,
  completionCommand(() => commands),
];
