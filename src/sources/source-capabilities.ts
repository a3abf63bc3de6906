export type MediaKind = "audio" | "image";

/** What a source can do, as data: a run chooses by it how to read, and `check` shows it. */
export interface SourceCapabilities {
  /**
   * How consistent a list is while the source changes. `snapshot`: one state. `keyset`: everything that exists throughout is shown.
   * `drifting`: items may slip through between pages, so two listings have to agree.
   */
  consistency: "snapshot" | "keyset" | "drifting";
  /**
   * How lists can be narrowed. `event`: by the memories' own times. `updated`: by what has changed as well (scope `changes`). An
   * unreliable source forgets some changes; a list of everything from time to time finds them (`full_look`).
   */
  since: { by: "none" | "event" | "updated"; isReliable: boolean };
  /**
   * How deletions become visible. `none`: absence proves nothing. `diff`: a whole list lacks them. `feed`: the source names them, and may
   * be wrong about many at once. `told`: somebody has said of each one that it is gone, so no number of them is a sign of a fault.
   */
  deletes: "none" | "diff" | "feed" | "told";
  /** In a source that never shows more than so many memories, absence proves nothing. */
  complete: "yes" | { cappedAt: number };
  /**
   * How a list is known to belong to the right account. `refusal`: a wrong key gets an error. `account`: `check` says whose key it
   * is, and is asked before a list is believed.
   */
  identity: "refusal" | "account";
  /** Whether it can be asked for memories by their ids (scope `named`). Left out, it cannot. */
  byId?: true;
  /** The media that it has besides texts. No others are requested, whatever a memory claims. */
  media: readonly MediaKind[];
}
