import { createHash } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import * as z from "zod";
import { longestKeptText } from "../domain/facets.ts";
import { type Live, metadata } from "../kernel/settings/metadata.ts";
import { givenKeys, isMap, type RuleProblem } from "../kernel/settings/rules.ts";
import { count, cron, path, text } from "../kernel/settings/types.ts";
import { readStateUrl, type StatePlace } from "./state-place.ts";

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
  url: z
    .string()
    .superRefine((value, context) => {
      const found = readStateUrl(value);
      if ("problem" in found) context.addIssue({ code: "custom", message: found.problem });
    })
    .meta({ title: "URL" })
    .optional()
    .register(metadata, {
      description:
        "Where the state is, instead of `backend` and `path`: `postgres://user@server:5432/database` for a database that several services share, `sqlite:FILE` or `json:FILE`. At the end of the first one `?schema=NAME` names its schema (`memory_connector` when left out), and `&sslmode=verify-full` asks for encryption.",
      example: "postgres://connector@db.example.org:5432/memories",
    }),
  password: text().optional().register(metadata, {
    description:
      "Password of the user in `url`. When it is left out, PostgreSQL's own means are tried: `PGPASSWORD` and `~/.pgpass`.",
    example: `\${STATE_PASSWORD}`,
    secret: true,
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

/** One way to say where the state is, and a password only where one is asked for. */
export function stateHasOnePlace(state: unknown): RuleProblem[] {
  const url = isMap(state) && typeof state.url === "string" ? state.url : null;
  if (url === null) {
    return givenKeys(state, ["password"]).map((key) => ({
      path: [key],
      reason: "is for a database, and the state is a file",
      hint: "set state.url to the database, or remove the password",
    }));
  }
  return givenKeys(state, ["backend", "path"]).map((key) => ({
    path: [key],
    reason: "says where the state is, and so does state.url",
    hint: "keep one of them",
  }));
}

export function toStateConfig(settings: StateSettings, folder: string) {
  const { enabled, retention_days: retentionDays, cleanup_cron: cron } = settings.cleanup;
  const auditRetentionDays = settings.cleanup.audit_retention_days;
  const deletedRetentionDays = settings.cleanup.deleted_retention_days;
  const place = placeOf(settings, folder);
  // A file has what belongs to it beside it, a database beside the configuration.
  const localPath = place.backend === "postgres" ? resolve(folder, localName(place.path)) : place.path;
  return {
    backend: place.backend,
    path: place.path,
    password: settings.password ?? place.password ?? null,
    /** What belongs to the state on this machine has this path with something appended, or is in the same folder. */
    localPath,
    backupFolder: resolve(folder, settings.backup_folder ?? join(dirname(localPath), "backups")),
    keepText: settings.keep_text,
    cleanup: { enabled, retentionDays, auditRetentionDays, deletedRetentionDays, cron },
  };
}

/** Two databases that are used from one folder are kept apart. */
function localName(url: string): string {
  return `memory_sync_state-${createHash("sha256").update(url).digest("hex").slice(0, 8)}`;
}

function placeOf(settings: StateSettings, folder: string): StatePlace {
  const named = settings.url === undefined ? null : readStateUrl(settings.url);
  if (named !== null && !("problem" in named))
    return named.backend === "postgres" ? named : { ...named, path: resolve(folder, named.path) };
  const backend = settings.backend ?? (settings.path?.endsWith(".json") ? "json" : "sqlite");
  return { backend, path: resolve(folder, settings.path ?? defaultPaths[backend]) };
}

export const stateIsLive: Live<ReturnType<typeof toStateConfig>> = {
  backend: false,
  path: false,
  password: false,
  localPath: false,
  backupFolder: true,
  keepText: false,
  cleanup: true,
};
