import type { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { Clock } from "../../kernel/util/clock.ts";
import type { MediumKey, UnreadMedium, UnreadMediumStore } from "../../kernel/util/unread-medium.ts";

export interface UnreadMediaParts {
  store: Pick<UnreadMediumStore, "get" | "save" | "remove">;
  clock: Clock;
  /** So often a medium may break the model. */
  maxAttempts: number;
  /** Media that could not be read are tried again at once, however short their wait has been. */
  force: boolean;
}

const firstWaitMs = 10 * 60_000;
const longestWaitMs = 86_400_000;
/** So often a medium is waited for, two days in all; its memory then goes on without it, and it is looked at once a day. */
const awaitedFailures = 9;

/** What is remembered of media that could not be read, and when they are tried again. */
export class UnreadMedia {
  readonly #parts: UnreadMediaParts;

  constructor(parts: UnreadMediaParts) {
    this.#parts = parts;
  }

  /** Undefined for a medium that has not failed yet, or not as it would be tried now. */
  async find(key: MediumKey, tried: string): Promise<UnreadMedium | undefined> {
    const known = await this.#parts.store.get(key);
    return known?.tried === tried ? known : undefined;
  }

  /** Whether it is in backoff: late media mostly arrive soon, so the waits start short and double up to a day. */
  isLeftAlone({ standing, failedAt, failures }: UnreadMedium): boolean {
    if (this.#parts.force) return false;
    if (standing !== "waiting") return true;
    const now = this.#parts.clock.now();
    const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** (failures - 1));
    return now >= failedAt && now - failedAt < waitMs;
  }

  /** The same for the very bytes, whatever version of the memory has them. */
  async findBytes(key: MediumKey, bytes: string): Promise<UnreadMedium | undefined> {
    const known = await this.#parts.store.get(key);
    return known?.bytes === bytes ? known : undefined;
  }

  /** What is known holds for this version of the memory, too. */
  async keep(known: UnreadMedium, { tried }: { tried: string }): Promise<UnreadMedium> {
    const kept = { ...known, tried };
    await this.#parts.store.save([kept]);
    return kept;
  }

  /** Counts one more failure. With `bytes` it was the model that could not read them, and not the source that did not have it. */
  async note(
    key: MediumKey,
    { tried, bytes, error }: { tried: string; bytes: string | null; error: ConnectorError },
  ): Promise<UnreadMedium> {
    const { store, clock, maxAttempts } = this.#parts;
    const known = await store.get(key);
    const isSame = known !== null && (bytes === null ? known.tried === tried : known.bytes === bytes);
    const failures = isSame ? known.failures + 1 : 1;
    const { code, message, hint } = error;
    // That the source does not have it now says nothing new about what broke the model.
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

/** Whether its memory still waits for it. */
export function isAwaited({ standing, failures }: UnreadMedium): boolean {
  return standing === "waiting" && failures < awaitedFailures;
}
