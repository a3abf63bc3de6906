/** Whose token it is. */
export interface MemosAccount {
  /** `users/1` up to 0.26, `users/ada` from 0.27 on. */
  name: string;
  /** Stays the same from version to version. */
  username: string;
}

/** How a version wants its filters and its order. */
export interface MemosDialect {
  /** Only the account's own memos; null where the server cannot tell them apart. */
  owner: string | null;
  /** How a time is written in a filter; null where lists cannot be narrowed by time. */
  time: "timestamp" | "seconds" | null;
  order: Readonly<Record<string, string>>;
}

/** Whole seconds since the epoch; both ends belong to the span. */
export interface TimeBounds {
  createdSince?: number | null;
  createdUntil?: number | null;
  updatedSince?: number | null;
}

/** The dialects to try, the likeliest first. `minor` is 30 of 0.30; null for a version that is not known. */
export function triedFilters(minor: number | null, { name, username }: MemosAccount): MemosDialect[] {
  const byId = name.replace(/^users\/(\d+)$/u, "creator_id == $1");
  const byName = `creator == ${JSON.stringify(`users/${username}`)}`;
  const owners = byId === name ? [byName] : [byId, byName];
  const order: MemosDialect["order"] =
    minor !== null && minor < 25
      ? { sort: "create_time", direction: "DESC" }
      : { orderBy: "create_time desc" };
  const ownersInOrder = minor !== null && minor < 27 ? owners : owners.toReversed();
  const times =
    minor !== null && minor < 30 ? (["seconds", "timestamp"] as const) : (["timestamp", "seconds"] as const);
  const narrowed = ownersInOrder.flatMap((owner) => times.map((time) => ({ owner, time, order })));
  const whole = [...ownersInOrder, null].map((owner) => ({ owner, time: null, order }));
  return [...narrowed, ...whole];
}

/** A filter in the language of Memos; undefined for none. */
export function filterText({ owner, time }: MemosDialect, bounds: TimeBounds): string | undefined {
  const { createdSince = null, createdUntil = null, updatedSince = null } = bounds;
  const spans = [
    bound("created_ts >=", createdSince, time),
    bound("created_ts <=", createdUntil, time),
    bound("updated_ts >=", updatedSince, time),
  ];
  return [owner, ...spans].filter((part) => part !== null).join(" && ") || undefined;
}

function bound(comparison: string, seconds: number | null, time: MemosDialect["time"]): string | null {
  if (seconds === null || time === null) return null;
  if (time === "seconds") return `${comparison} ${seconds}`;
  return `${comparison} timestamp("${new Date(seconds * 1000).toISOString().replace(".000Z", "Z")}")`;
}
