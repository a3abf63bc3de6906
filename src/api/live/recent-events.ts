/** Limits of the events kept for readers that reconnect: count, and total bytes, fewer than a slow reader may leave unread. */
const mostEvents = 1000;
const mostBytes = 512 * 1024;

interface Recent<Event> {
  event: Event;
  json: string;
}

/** The last events, for readers whose connection broke. */
export class RecentEvents<Event extends { id: string }> {
  #kept: Recent<Event>[] = [];
  #bytes = 0;
  /** Id of the last event, kept or not; null before the first. */
  #lastId: string | null = null;

  add(recent: Recent<Event>): void {
    this.#kept.push(recent);
    this.#lastId = recent.event.id;
    this.#bytes += recent.json.length;
    while (this.#kept.length > mostEvents || this.#bytes > mostBytes) {
      this.#bytes -= this.#kept.shift()?.json.length ?? 0;
    }
  }

  /** The events after this one; null when it is no longer kept, so that some may be missing. */
  after(id: string): readonly Recent<Event>[] | null {
    if (id === this.#lastId) return [];
    const at = this.#kept.findIndex(({ event }) => event.id === id);
    return at < 0 ? null : this.#kept.slice(at + 1);
  }
}
