import type { ErrorCode } from "../../src/kernel/errors/codes.ts";
import { ConnectorError, type ErrorDetails } from "../../src/kernel/errors/connector-error.ts";
import { cancellation } from "../../src/kernel/http/abort.ts";
import type { Channel } from "../../src/notify/channel.ts";
import type { Delivery } from "../../src/state/message.ts";

/** A channel that fails as a test says and keeps what it was given. */
export class ScriptedChannel implements Channel {
  readonly id: string;
  /** Every attempt: the message's title and, where not all recipients are meant, whom it is for. */
  readonly tries: string[] = [];
  readonly taken: string[] = [];
  readonly ids = new Set<string>();
  /** Of the next attempts; null and none: it is taken. */
  failures: (Error | null)[] = [];
  /** While set, attempts wait for it, or for their end. */
  gate: Promise<void> | null = null;

  constructor(id = "ops") {
    this.id = id;
  }

  async send(delivery: Pick<Delivery, "id" | "message" | "to">, signal: AbortSignal): Promise<string> {
    if (signal.aborted) throw cancellation(signal);
    const attempt = [delivery.message.title, ...(delivery.to ?? [])].join(" to ");
    this.tries.push(attempt);
    this.ids.add(delivery.id);
    await Promise.race([this.gate, rejectedBy(signal)]);
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.taken.push(attempt);
    return "took it";
  }

  async close(): Promise<void> {}
}

/** An error as a channel of that name throws it. */
export function channelError(code: ErrorCode, what: string, details: ErrorDetails = {}): ConnectorError {
  return new ConnectorError(code, `channel "ops": ${what}`, { subject: "ops", ...details });
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(cancellation(signal)), { once: true });
  return promise;
}
