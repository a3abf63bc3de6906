import { copyFile, stat } from "node:fs/promises";
import * as z from "zod";
import { withDownload } from "../../documents/media/download.ts";
import { readableFormats } from "../../documents/media/media-formats.ts";
import { isErased } from "../../domain/ledger.ts";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { withDeadline } from "../../kernel/http/abort.ts";
import type { MediaRequest, MemorySource } from "../../sources/memory-source.ts";
import { requireNoFile } from "../backup/new-file.ts";
import { connectorPartsErrors, sourceErrors } from "../error-groups.ts";
import { operation } from "../operation.ts";
import { countSchema } from "../runs/run-json.ts";
import { findRow, memoryNameFields } from "./memory-rows.ts";

/** A person waits for it. Milliseconds. */
const longestDownloadMs = 120_000;

export const memoryMedia = operation({
  name: "memory.media",
  tag: "Knowledge",
  summary: "Fetch the audio or the picture of a memory from its source",
  details:
    "Downloaded with the connector's own key, within `media.max_audio_bytes` and `media.max_image_bytes`, and kept nowhere. Its type is told by its first " +
    `bytes: ${readableFormats("audio")}; ${readableFormats("image")}; anything else is refused, whatever the source calls it.`,
  access: "viewer",
  input: z.strictObject({
    ...memoryNameFields,
    kind: z.enum(["audio", "image"]).describe("which medium"),
    file: z.string().min(1).describe("where it is written; its absolute path"),
    force: z.boolean().default(false).describe("overwrite the file"),
  }),
  output: z.strictObject({
    memoryId: z.string(),
    kind: z.enum(["audio", "image"]),
    contentType: z.string(),
    bytes: countSchema,
    file: z.string(),
  }),
  errors: [
    "CONNECTOR_UNKNOWN",
    "MEMORY_UNKNOWN",
    "MEDIA_NOT_FOUND",
    "MEDIA_TOO_LARGE",
    "MEDIA_TYPE_UNSUPPORTED",
    "MEDIA_NOT_WRITTEN",
    "ARCHIVE_EXISTS",
    ...connectorPartsErrors,
    ...sourceErrors,
  ],
  run: async ({ services, signal }, { kind, file, force, ...name }) => {
    const row = await findRow(services, name);
    const { contextId, memoryId } = row;
    const request = { contextId, memoryId, kind, maxBytes: services.config.media.maxBytes[kind] };
    if (isErased(row)) throw notThere(request, "it was erased");
    await requireNoFile(file, force);
    const contentType = await services.withParts(services.connector(row.connectorId), ({ source }) =>
      withDeadline(
        longestDownloadMs,
        signal,
        () => outOfTime(request),
        (within) => fetchInto(file, source, request, within),
      ),
    );
    return { memoryId, kind, contentType, bytes: (await stat(file)).size, file };
  },
});

/** Resolves to the content type. */
function fetchInto(
  file: string,
  source: MemorySource,
  request: MediaRequest,
  signal: AbortSignal,
): Promise<string> {
  if (!source.capabilities.media.includes(request.kind)) throw notThere(request, "its source has none");
  const copy = async ({ path, contentType }: { path: string; contentType: string }) => {
    await copyFile(path, file).catch((thrown: Error) => {
      throw new ConnectorError("MEDIA_NOT_WRITTEN", `${file}: ${thrown.message}`, {
        subject: file,
        cause: thrown,
      });
    });
    return contentType;
  };
  return withDownload(source, request, copy, signal);
}

function notThere({ kind, memoryId }: MediaRequest, why: string): ConnectorError {
  const message = `there is no ${kind} of memory ${JSON.stringify(memoryId)}: ${why}`;
  return new ConnectorError("MEDIA_NOT_FOUND", message, { subject: memoryId });
}

function outOfTime({ kind, memoryId }: MediaRequest): ConnectorError {
  const message = `the ${kind} of memory ${JSON.stringify(memoryId)} did not come within ${longestDownloadMs / 1000} s`;
  return new ConnectorError("SOURCE_TIMEOUT", message, { subject: memoryId });
}
