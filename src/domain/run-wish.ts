/** What a person asks of a run beyond an ordinary one. Kept as JSON where one process asks another. */
export interface RunWish {
  /** Deliver memories again that LightRAG has already. */
  force?: boolean | undefined;
  /** Write documents of an older form again. */
  outdated?: boolean | undefined;
  /** Send even if most of the delivered memories are sent again. */
  acceptResends?: boolean | undefined;
  /** Believe the source: what it does not show now is deleted. */
  acceptDeletions?: boolean | undefined;
  /** Only memories of this span. Milliseconds since the epoch, inclusive. */
  since?: number | undefined;
  until?: number | undefined;
  /** Only these memories. */
  ids?: readonly string[] | undefined;
  /** Somebody has said that these memories have changed: a source that can is asked for them alone, if it has them all. */
  hinted?: readonly string[] | undefined;
  /** Instead of a run, compare ledger, source and LightRAG as a whole, and repair what differs if that is asked for. */
  reconcile?: { repair: boolean } | undefined;
}
