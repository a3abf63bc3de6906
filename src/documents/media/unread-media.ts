import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { MediumKey, UnreadMedium, UnreadMediumStore } from "../../kernel/util/unread-medium.ts";

export interface UnreadMediaParts {
  store: Pick<UnreadMediumStore, "get" | "save" | "remove">;
  clock: Clock;
  /** How often a medium may crash the model. */
  maxAttempts: number;
  /** Retries unread media at once, without their backoff. */
  force: boolean;
}

const firstWaitMs = 10 * 60_000;
const longestWaitMs = 86_400_000;
/**
 * After so many failures, two days in all, a medium is no longer awaited: its memory is written without it, and it is retried once a day.
 */
const awaitedFailures = 9;

/** Records media that could not be read, and decides when they are retried. */
export class UnreadMedia {
  readonly #parts: UnreadMediaParts;

  constructor(parts: UnreadMediaParts) {
    this.#parts = parts;
  }

  /** Undefined for a medium that has not failed yet, or only with other settings. */
  async find(key: MediumKey, tried: string): Promise<UnreadMedium | undefined> {
    const known = await this.#parts.store.get(key);
    return known?.tried === tried ? known : undefined;
  }

  /** Whether the medium is in backoff. Late media mostly arrive soon, so the waits start short and double up to a day. */
  isInBackoff({ standing, failedAt, failures }: UnreadMedium): boolean {
    if (this.#parts.force) return false;
    if (standing !== "waiting") return true;
    const now = this.#parts.clock.now();
    const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
    return now >= failedAt && now - failedAt < waitMs;
  }

  /** The same by the medium's bytes, for any version of the memory. */
  async findBytes(key: MediumKey, bytes: string): Promise<UnreadMedium | undefined> {
    const known = await this.#parts.store.get(key);
    return known?.bytes === bytes ? known : undefined;
  }

  /** Applies a known failure to this version of the memory as well. */
  async keep(known: UnreadMedium, { tried }: { tried: string }): Promise<UnreadMedium> {
    const kept = { ...known, tried };
    await this.#parts.store.save([kept]);
    return kept;
  }

  /** Records one more failure. With `bytes` the model could not read the medium; without, the source did not have it. */
  async note(
    key: MediumKey,
    { tried, bytes, error }: { tried: string; bytes: string | null; error: ConnectorError },
  ): Promise<UnreadMedium> {
    const { store, clock, maxAttempts } = this.#parts;
    const known = await store.get(key);
    const isSame = known !== null && (bytes === null ? known.tried === tried : known.bytes === bytes);
    const failures = isSame ? known.failures + 1 : 1;
    const { code, message, hint } = error;
    // A medium that is missing at the source now says nothing about bytes that crashed the model.
    const settled = isSame && bytes === null && known.standing !== "waiting" ? known : null;
    const unread: UnreadMedium = {
      ...key,
      standing: settled?.standing ?? (bytes !== null && failures >= maxAttempts ? "dead" : "waiting"),
      tried,
      bytes: settled?.bytes ?? bytes,
      failures,
      failedAt: clock.now(),
      error: { code, message, hint },
    };
    await store.save([unread]);
    return unread;
  }

  async forget(key: MediumKey): Promise<void> {
    await this.#parts.store.remove([key]);
  }
}

/** Whether the memory still waits for this medium. */
export function isAwaited({ standing, failures }: UnreadMedium): boolean {
  return standing === "waiting" && failures < awaitedFailures;
}
