/**
 * What the processes on one state tell each other. Contract: what is posted reaches every other process that follows, once, that of one process in its
 * order, within half a second. A process that begins to follow later is not told. Nothing stays for long, so nothing is posted here that is not
 * either stored elsewhere or lost without harm. Where only one process may have the state open, both do nothing.
 */
export interface Board {
  /** What tells this process from the others, as `from` of what they hear of it; null where there can be no others. */
  readonly id: string | null;
  /** Plain JSON, of any size. */
  post(content: unknown): Promise<void>;
  follow(follower: BoardFollower): Promise<Following>;
}

export interface BoardFollower {
  /** `from` tells processes apart. */
  heard(content: unknown, from: string): void;
  /** Postings may have been lost, because this process could not look for too long. */
  missed(): void;
}

export interface Following {
  /** True while postings are told of by the state's server at once, false while they are looked for. */
  readonly isNotified: boolean;
  /** Afterwards nothing is heard. */
  end(): Promise<void>;
}

/** One record of the board. */
export interface Posting {
  /** The process. */
  from: string;
  /** Counts the postings of the process, from 1. */
  number: number;
  content: unknown;
}

/** How a state's server tells of postings at once. */
export interface Bell {
  /**
   * Rings with the id of each posting, those of this process included, until `end`; `lost` is called once when it cannot any more. Null where it does not
   * come through. Never rejects.
   */
  listen(ring: (id: string) => void, lost: () => void): Promise<{ end(): Promise<void> } | null>;
}

export const noBoard: Board = {
  id: null,
  post: async () => undefined,
  follow: async () => ({ isNotified: false, end: async () => undefined }),
};
