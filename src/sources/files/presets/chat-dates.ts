import { dateOrderAdvice, type SettingAdvice } from "../../../kernel/errors/setting-advice.ts";
import { type ChatStamp, type DateOrder, dayOf, isKnownHalf } from "./chat-stamp.ts";

/** How the dates of a chat are read, and why somebody should look at them; or why they cannot be. */
export type DatesOfChat = { order: DateOrder; doubt: string | null } | UnreadDates;

/** What is not known of the dates of a chat, and what helps. */
export interface UnreadDates {
  problem: string;
  help: string | SettingAdvice;
}

/** So much rarer dates in the other order are what somebody has pasted. */
const rare = 20;
const dayMs = 86_400_000;

const orders = ["day_first", "month_first"] as const;
const inWords = new Map<DateOrder, string>([
  ["day_first", "the day first"],
  ["month_first", "the month first"],
]);

/** Looks at all stamps of a chat, one by one, and says in which order its dates are. Nothing is guessed. */
export class ChatDates {
  #yearFirst = 0;
  #runsTo24 = false;
  readonly #words = new Map<string, ChatStamp>();
  #stamps = 0;
  /** Stamps that are days in this order alone; in neither of them. */
  readonly #only = new Map<DateOrder, number>(orders.map((order) => [order, 0]));
  #neither = 0;
  /** How often the days go back by more than one in this order, and the last day. */
  readonly #back = new Map<DateOrder, number>(orders.map((order) => [order, 0]));
  readonly #last = new Map<DateOrder, number>();

  note(stamp: ChatStamp): void {
    this.#stamps += 1;
    this.#runsTo24 ||= stamp.hour > 12 || stamp.hour === 0;
    if (stamp.word !== "") this.#words.set(stamp.word, stamp);
    if (stamp.isYearFirst) {
      this.#yearFirst += 1;
      return;
    }
    // Nobody writes the month first with dots.
    const days = orders.map((order) =>
      stamp.hasDots && order === "month_first" ? null : dayOf(stamp, order),
    );
    const [asDayFirst, asMonthFirst] = days;
    if (asDayFirst === null && asMonthFirst === null) this.#neither += 1;
    else if (asMonthFirst === null) this.#add(this.#only, "day_first");
    else if (asDayFirst === null) this.#add(this.#only, "month_first");
    for (const [at, order] of orders.entries()) this.#noteDay(order, days[at] ?? null);
  }

  /** What the whole chat shows. */
  get result(): DatesOfChat {
    const unknown = [...this.#words.values()].find((stamp) => !isKnownHalf(stamp, this.#runsTo24));
    if (unknown !== undefined)
      return {
        problem: `it is not known whether ${unknown.hour}:${String(unknown.minute).padStart(2, "0")} with "${unknown.word}" is before or after noon`,
        help: "set the phone to a clock of 24 hours, and export the chat again",
      };
    const isYearFirst = (this.#yearFirst + this.#neither) * 2 > this.#stamps;
    if (isYearFirst) return { order: "year_first", doubt: null };
    return this.#byDays();
  }

  #byDays(): DatesOfChat {
    const [day = 0, month = 0] = orders.map((order) => this.#only.get(order));
    const major: DateOrder = day >= month ? "day_first" : "month_first";
    const [most, fewest] = [Math.max(day, month), Math.min(day, month)];
    if (most > 0 && fewest === 0) return { order: major, doubt: null };
    if (most > 0 && fewest * rare > most)
      return undecided("shows dates with the day first and others with the month first");
    const doubt = (why: string) => ({
      order: major,
      doubt: `its dates are read with ${inWords.get(major)}, ${why}`,
    });
    if (most > 0) return doubt(`but for ${fewest} that cannot be`);
    const forward = orders.filter((order) => this.#back.get(order) === 0);
    const [order] = forward;
    if (order === undefined || forward.length > 1)
      return undecided("does not show whether the day or the month comes first");
    return {
      order,
      doubt: `its dates are read with ${inWords.get(order)}, for otherwise its messages would go back in time; date_order says it for certain`,
    };
  }

  #noteDay(order: DateOrder, day: string | null): void {
    if (day === null) return;
    const at = Date.parse(day);
    if (at < (this.#last.get(order) ?? at) - dayMs) this.#add(this.#back, order);
    this.#last.set(order, at);
  }

  #add(counts: Map<DateOrder, number>, order: DateOrder): void {
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
}

function undecided(problem: string): UnreadDates {
  return { problem, help: dateOrderAdvice };
}
