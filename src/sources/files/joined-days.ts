import { joinedDay } from "./presets/chat-days.ts";
import type { ChatDay } from "./presets/chat-message.ts";
import type { ReadItem } from "./read-item.ts";

/** What the first walk has seen of a day. */
interface SeenDay {
  /** So many forms of it are still to come on the second walk. */
  left: number;
  /** When each of its messages was last changed, by the message's key. */
  stamps: Map<string, string>;
  /** Whether an earlier form has anything that a later one lacks. */
  isDivided: boolean;
  held: ChatDay | null;
}

/**
 * Joins the forms that a day of a chat has in several exports, message by message. Holds messages only of days of which no form has them all, and
 * of other days nothing but keys, until the first walk is over.
 */
export class JoinedDays {
  readonly #days = new Map<string, SeenDay>();

  /** On the first walk. */
  note({ day, memory }: ReadItem & { kind: "memory" }): void {
    if (day === undefined) return;
    const stamps = new Map(day.messages.map(({ key = "", updatedAt }) => [key, updatedAt ?? ""]));
    const seen = this.#days.get(memory.id) ?? { left: 0, stamps, isDivided: false, held: null };
    for (const [key, stamp] of seen.stamps) {
      const now = stamps.get(key);
      seen.isDivided ||= now === undefined || now < stamp;
    }
    for (const [key, stamp] of stamps) if (stamp >= (seen.stamps.get(key) ?? "")) seen.stamps.set(key, stamp);
    seen.left += 1;
    this.#days.set(memory.id, seen);
  }

  /** Before the second walk. */
  begin(): void {
    for (const [id, seen] of this.#days) {
      seen.stamps.clear();
      if (!seen.isDivided) this.#days.delete(id);
    }
  }

  /** On the second walk: the last form of a day has what all of them have. */
  take(item: ReadItem): ReadItem {
    const seen = item.kind === "memory" ? this.#days.get(item.memory.id) : undefined;
    if (item.kind !== "memory" || item.day === undefined || seen === undefined) return item;
    seen.left -= 1;
    const joined = seen.held === null ? null : joinedDay(seen.held, item.day);
    seen.held = seen.left === 0 ? null : (joined?.day ?? item.day);
    return { ...item, ...joined };
  }
}
