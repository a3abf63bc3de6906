import * as z from "zod";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { systemClock } from "../../kernel/util/clock.ts";
import { recordCountsSchema } from "../archive/archive-format.ts";
import { fileOperation, type Operation } from "../operation.ts";
import { instantSchema } from "../runs/run-json.ts";
import type { RestoreReport } from "./restore-archive.ts";

const output = z.strictObject({
  file: z.string(),
  createdAt: instantSchema,
  writtenBy: z.string().describe("the version of memory-connector that made the archive"),
  connectorId: z.string().nullable().describe("the connector that the archive is of; null for everything"),
  records: recordCountsSchema,
  withKeys: z.boolean().describe("keys and secrets came in; else they stayed out"),
  connectors: z.array(z.string()).describe("connectors of the archive that were made through the API"),
  keys: z
    .array(z.strictObject({ id: z.string(), name: z.string(), role: z.string() }))
    .describe("its keys to the API"),
  secrets: z.array(z.string()).describe("its connectors' secrets, as `connector: setting`"),
  elsewhere: z
    .array(z.string())
    .describe(
      "where its connectors lead and the configuration does not, as `connector: place`; they are disabled unless `withKeys`",
    ),
  restored: z.boolean().describe("false when the archive was only looked at"),
  keptAs: z.string().nullable().describe("where the state is kept that was there before"),
});

const fileField = z.string().min(1).describe("the archive; its absolute path");

const archiveErrors = [
  "ARCHIVE_UNREADABLE",
  "ARCHIVE_FOREIGN",
  "ARCHIVE_TOO_NEW",
  "ARCHIVE_DAMAGED",
  "ARCHIVE_TOO_LARGE",
] as const;

const checkInput = z.strictObject({ file: fileField });

/** Needs no configuration: an archive can be inspected anywhere. */
export const proveArchive: Operation<typeof checkInput, typeof output, never> = {
  name: "archive.check",
  tag: "Service",
  summary: "Read an archive whole and prove it; nothing is changed",
  access: "admin",
  input: checkInput,
  output,
  errors: archiveErrors,
  run: async ({ signal }, { file }) => {
    const { checkArchive } = await import("./restore-archive.ts");
    const report = { ...(await checkArchive(file, signal)), keptKeys: [], keptAs: null };
    return answerOf(file, report, { restored: false, withKeys: false });
  },
};

export const restoreState = fileOperation({
  name: "state.restore",
  tag: "Service",
  summary: "Make the state what an archive holds",
  access: "admin",
  input: z.strictObject({
    file: fileField,
    replace: z.boolean().default(false).describe("replace what the state holds; it is kept beside it"),
    withKeys: z
      .boolean()
      .default(false)
      .describe("take over its keys to the API and its connectors' secrets"),
  }),
  output,
  errors: [...archiveErrors, "STATE_NOT_EMPTY", "STATE_TOO_LARGE", "STATE_LOCKED", "RESTORE_WHILE_SERVING"],
  changes: ["state.restore"],
  run: async ({ services, service, signal, record }, { file, replace, withKeys }) => {
    if (service !== null) throw whileServing();
    const { config, surroundings } = services.configuration;
    const { tree } = surroundings;
    const { state } = config;
    const options = { file, overwrite: replace, withKeys, tree, state, clock: systemClock };
    const { restoreArchive } = await import("./restore-archive.ts");
    const report = await restoreArchive(options, signal);
    const { head, counts: records, keptAs, keptKeys, rights } = report;
    const { connectors, elsewhere } = rights;
    const brought = { connectors, elsewhere, keys: withKeys ? rights.keys : [], keptKeys };
    const after = { file, createdAt: head.createdAt, records, keptAs, ...brought };
    await record({ action: "state.restore", subject: head.connectorId, after });
    return answerOf(file, report, { restored: true, withKeys });
  },
});

/** No other process may have the state open. */
export function whileServing(): ConnectorError {
  return new ConnectorError(
    "RESTORE_WHILE_SERVING",
    "a running service does not restore the state that it works on",
  );
}

function answerOf(
  file: string,
  { head, counts, keptAs, rights }: RestoreReport,
  done: { restored: boolean; withKeys: boolean },
): z.input<typeof output> {
  const { createdAt, writtenBy, connectorId } = head;
  return { file, createdAt, writtenBy, connectorId, records: counts, ...rights, ...done, keptAs };
}
