type Listener<Payload> = (payload: Payload) => void;

/** The emitting side of the bus. */
export interface Emitter<Events> {
  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void;
}

/** The listening side of the bus. */
export interface Listenable<Events> {
  /** Returns the function that unsubscribes. */
  on<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): () => void;
}

/**
 * Typed, synchronous events. A listener that throws affects neither the emitter nor the other listeners; Node prints its error as a
 * process warning.
 */
export class EventBus<Events> implements Emitter<Events>, Listenable<Events> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set.add(listener));
    return () => void set.delete(listener);
  }

  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    for (const listener of this.#listeners.get(name) ?? []) {
      try {
        (listener as Listener<Events[Name]>)(payload);
      } catch (error) {
        process.emitWarning(error instanceof Error ? error : new Error(String(error)));
      }
    }
  }
}
