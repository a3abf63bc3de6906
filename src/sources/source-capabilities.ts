export type MediaKind = "audio" | "image";

/** What a source can do, as data: a run chooses by it how to read, and `check` shows it. */
export interface SourceCapabilities {
  /**
   * What a walk through a list is worth while the source changes. `snapshot`: one state. `keyset`: whatever was there all the time is shown.
   * `drifting`: items may slip through between pages, so that two walks have to agree.
   */
  consistency: "snapshot" | "keyset" | "drifting";
  /**
   * How lists can be narrowed. `event`: by the memories' own times. `updated`: by what has changed, too (scope `changes`). One that is not
   * reliable forgets some changes; a look at everything from time to time finds them (`full_look`).
   */
  since: { by: "none" | "event" | "updated"; isReliable: boolean };
  /** How deletions show. `none`: absence means nothing. `diff`: a whole list lacks them. `feed`: the source names them. */
  deletes: "none" | "diff" | "feed";
  /** A source that never shows more than so many memories shows no absence either. */
  complete: "yes" | { cappedAt: number };
  /**
   * How a list is known to be that of the right account. `refusal`: a wrong key gets an error. `account`: `check` says whose key it is, and
   * is asked before a list is believed.
   */
  identity: "refusal" | "account";
  /** What it has beside texts. Nothing else is asked for, whatever a memory says of itself. */
  media: readonly MediaKind[];
}
