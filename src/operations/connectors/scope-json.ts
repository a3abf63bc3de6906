import * as z from "zod";
import type { ConnectorConfig } from "../../config/config.ts";
import { sum } from "../../kernel/util/collections.ts";
import { nothingLearnt, type StateManager, type SyncState } from "../../state/state-manager.ts";
import { nextFullLook } from "../../sync/discover/choose-range.ts";
import { findDeadMedia } from "../../sync/maintenance/dead-media.ts";
import { queryRanges } from "../../sync/query-range.ts";
import { countSchema, instantSchema, isoInstant } from "../runs/run-json.ts";

/** The connector's range of its source, and the memories that are waiting. */
export const scopeSchema = z.strictObject({
  queryRange: z.enum(queryRanges),
  outside: countSchema
    .nullable()
    .describe(
      "memories of the source that lie outside of the range and are not delivered, when they were last counted",
    ),
  nextFullLookAt: instantSchema.nullable().describe("when a run looks at the whole list again, with `auto`"),
  waiting: z.strictObject({
    transcripts: countSchema.describe("memories that are skipped until they have a transcript"),
    media: countSchema.describe("memories whose audio or picture could not be read yet"),
  }),
  erased: countSchema.describe(
    "memories that were erased and stay away, whatever else is forgotten or restored",
  ),
  deadMedia: countSchema.describe(
    "audio and pictures that their model could not read, see `dead-letters list`",
  ),
});

export type ScopeView = z.infer<typeof scopeSchema>;

export async function viewScope(
  state: Pick<StateManager, "erasures" | "getRows" | "getSyncState" | "unreadMedia" | "waiting">,
  { id, contextIds, ingestion }: Pick<ConnectorConfig, "id" | "contextIds" | "ingestion">,
  /** The sync state of each context. */
  known: readonly (SyncState | null)[],
  now: number,
): Promise<ScopeView> {
  const scopes = contextIds.map((contextId) => ({ connectorId: id, contextId }));
  const learnt = known.map((one) => one?.learnt ?? nothingLearnt);
  const waiting = await Promise.all(scopes.map((scope) => state.waiting(scope)));
  const dead = await findDeadMedia(state, id, {});
  const looks = learnt.flatMap(({ lookedAt }) => nextFullLook(ingestion, lookedAt, now) ?? []);
  const counted = learnt.flatMap(({ outside }) => outside?.count ?? []);
  return {
    queryRange: ingestion.queryRange,
    outside: counted.length === 0 ? null : sum(counted),
    nextFullLookAt: looks.length === 0 ? null : isoInstant(Math.min(...looks)),
    waiting: {
      transcripts: sum(waiting.map(({ transcripts }) => transcripts)),
      media: sum(waiting.map(({ media }) => media)),
    },
    erased: await state.erasures.count(id),
    deadMedia: dead.length,
  };
}
