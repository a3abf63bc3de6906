import { dirname, join, resolve } from "node:path";
import * as z from "zod";
import { longestKeptText } from "../domain/facets.ts";
import { type Live, metadata } from "../kernel/settings/metadata.ts";
import { count, cron, path } from "../kernel/settings/types.ts";

const cleanup = z.strictObject({
  enabled: z.boolean().prefault(true).register(metadata, { description: "Remove old history." }),
  retention_days: count({ max: 36_500 })
    .prefault(90)
    .register(metadata, { description: "Age in days above which history is removed." }),
  audit_retention_days: count({ max: 36_500 })
    .prefault(365)
    .register(metadata, { description: "Age in days above which entries of the audit log are removed." }),
  deleted_retention_days: count({ max: 36_500 }).prefault(365).register(metadata, {
    description:
      "Days after which a memory is forgotten that is deleted at the source and of which LightRAG holds nothing. Rows of all other memories stay.",
  }),
  cleanup_cron: cron()
    .prefault("0 2 * * *")
    .register(metadata, { description: "When the service removes it." }),
});

export const stateSettings = z.strictObject({
  backend: z.enum(["json", "sqlite"]).optional().register(metadata, {
    description: "`sqlite` for any size; `json` is one readable file, for small set-ups.",
    example: "sqlite",
    defaultText: "`json` when `path` ends in `.json`, else `sqlite`",
  }),
  path: path().optional().register(metadata, {
    description: "File of the state.",
    example: "./memory_sync_state.db",
    defaultText: "`./memory_sync_state.db`, for `json` `./memory_sync_state.json`",
  }),
  backup_folder: path().optional().register(metadata, {
    description: "Folder of the copies that `backup` makes, and a service when it is asked for one.",
    example: "./backups",
    defaultText: "`backups` beside the state",
  }),
  keep_text: count({ min: 0, max: longestKeptText }).prefault(0).register(metadata, {
    description:
      "How many characters of each memory's words the ledger keeps after delivery, for lists and for the filter `text`; `0` keeps none. Lowered, it takes away what was kept.",
    example: 280,
  }),
  cleanup: cleanup.prefault({}).register(metadata, { description: "How long the history of runs is kept." }),
});

export type StateSettings = z.output<typeof stateSettings>;

const defaultPaths = { json: "./memory_sync_state.json", sqlite: "./memory_sync_state.db" } as const;

export function toStateConfig(settings: StateSettings, folder: string) {
  const backend = settings.backend ?? (settings.path?.endsWith(".json") ? "json" : "sqlite");
  const { enabled, retention_days: retentionDays, cleanup_cron: cron } = settings.cleanup;
  const auditRetentionDays = settings.cleanup.audit_retention_days;
  const deletedRetentionDays = settings.cleanup.deleted_retention_days;
  const statePath = resolve(folder, settings.path ?? defaultPaths[backend]);
  return {
    backend,
    path: statePath,
    backupFolder: resolve(folder, settings.backup_folder ?? join(dirname(statePath), "backups")),
    keepText: settings.keep_text,
    cleanup: { enabled, retentionDays, auditRetentionDays, deletedRetentionDays, cron },
  };
}

export const stateIsLive: Live<ReturnType<typeof toStateConfig>> = {
  backend: false,
  path: false,
  backupFolder: true,
  keepText: false,
  cleanup: true,
};
