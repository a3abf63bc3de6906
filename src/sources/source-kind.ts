/** A setting that a person is asked for who begins with a source. */
export interface FirstQuestion {
  /** Its key in the source's settings, whose schema says what an answer may be. */
  setting: string;
  /** What is asked for, for people: `Address of Joplin`. */
  what: string;
  /** Whether the answer is a place on this machine; a relative one begins where the person is. */
  isPath?: true;
  /** Not asked when this other setting was answered. */
  unless?: string;
  /** The setting's value of an answer; `now` in RFC 3339. Default: the answer. */
  toValue?: (answer: string, now: string) => unknown;
}

/** What a kind of source says of itself to a person who begins with it. */
export interface SourceKind {
  type: string;
  /** What it is, for people. */
  label: string;
  /** A first connector's id; its context is called the same where the source has no contexts. */
  connectorId: string;
  hasContexts?: true;
  /** In the order of asking. */
  asks: readonly FirstQuestion[];
}
