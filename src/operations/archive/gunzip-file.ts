import { createReadStream } from "node:fs";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { ConnectorError, isAbort } from "../../kernel/errors/connector-error.ts";

export interface GunzipLimits {
  /** Uncompressed, where it is more than `maxRatio` times the compressed size. */
  freeBytes: number;
  maxRatio: number;
}

/**
 * The uncompressed bytes of a gzipped file. Throws `ARCHIVE_UNREADABLE`, `ARCHIVE_FOREIGN` for what is not compressed,
 * `ARCHIVE_DAMAGED`, and `ARCHIVE_TOO_LARGE` as soon as there is far more than the file's size explains.
 */
export async function* gunzipFile(
  path: string,
  limits: GunzipLimits,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { signal });
  const gunzip = createGunzip();
  // The iteration below hears of every failure.
  pipeline(file, gunzip, () => undefined);
  let bytes = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > Math.max(limits.freeBytes, limits.maxRatio * file.bytesRead)) {
        const message = `${path} unpacks to more than ${limits.maxRatio} times its size`;
        throw new ConnectorError("ARCHIVE_TOO_LARGE", message, { subject: path });
      }
      yield chunk;
    }
  } catch (thrown) {
    throw toArchiveError(thrown, path, bytes === 0);
  } finally {
    file.destroy();
  }
}

function toArchiveError(thrown: unknown, path: string, atBeginning: boolean): unknown {
  if (thrown instanceof ConnectorError || isAbort(thrown) || !(thrown instanceof Error)) return thrown;
  const details = { subject: path, cause: thrown };
  const code = "code" in thrown ? String(thrown.code) : "";
  if (!code.startsWith("Z_") && code !== "ERR_STREAM_PREMATURE_CLOSE") {
    return new ConnectorError("ARCHIVE_UNREADABLE", `cannot read ${path}: ${thrown.message}`, details);
  }
  if (atBeginning && code === "Z_DATA_ERROR") {
    return new ConnectorError("ARCHIVE_FOREIGN", `${path} is not compressed with gzip`, details);
  }
  return new ConnectorError("ARCHIVE_DAMAGED", `${path} cannot be unpacked: ${thrown.message}`, details);
}
