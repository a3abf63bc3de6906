import { type ConnectorError, isConnectorError } from "../../kernel/errors/connector-error.ts";
import { faultOf, mayBeCausedByText } from "../../kernel/openai/classify-failure.ts";
import type { MediaReader } from "./media-reader.ts";
import { withSample } from "./sample-medium.ts";

/**
 * Whether a failure to read is this one medium's or would meet every other one, too. A model that dies of a recording, or is too slow for
 * it, looks exactly like one that is away, so it is given another medium, which it can read: silence, a white square. `unclear` is a
 * failure that passes by itself, such as a rate limit.
 */
export async function isOfOneMedium(
  reader: Pick<MediaReader<never>, "kind"> & {
    read(...asked: Parameters<MediaReader<never>["read"]>): unknown;
  },
  error: ConnectorError,
  signal: AbortSignal,
): Promise<"one" | "all" | "unclear"> {
  if (faultOf(error.code) === "item") return "one";
  if (!mayBeCausedByText(error)) return "unclear";
  try {
    await withSample(reader.kind, async (sample) => reader.read(sample, signal));
    return "one";
  } catch (thrown) {
    signal.throwIfAborted();
    // Refused, but answered: it is there.
    return isConnectorError(thrown) && faultOf(thrown.code) === "item" ? "one" : "all";
  }
}
