import type { SourceCapabilities } from "../source-capabilities.ts";
import type { ListingOptions } from "./listing-work.ts";

/** A list comes in one answer, unless the server is known to page. Ranges count back from the server's clock. */
export function memoryApiCapabilities({
  paging,
  serverCap,
}: Pick<ListingOptions, "paging" | "serverCap">): SourceCapabilities {
  const isCapped = typeof serverCap === "number" && paging === "none";
  return {
    consistency: paging === "none" ? "snapshot" : "drifting",
    since: { by: "event", isReliable: true },
    deletes: "diff",
    complete: isCapped ? { cappedAt: serverCap } : "yes",
    identity: "refusal",
    media: ["audio", "image"],
  };
}
