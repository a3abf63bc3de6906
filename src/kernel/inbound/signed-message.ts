import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { text } from "../settings/types.ts";

/** How far the clocks of sender and receiver may differ, and how long a message may be on its way. Milliseconds. */
export const toleranceMs = 300_000;

/** A secret that two programs share. A shorter one could be guessed from a single message. */
export const sharedSecret = () => text().min(16, { error: "must have at least 16 characters" });

const encodedSecret = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/**
 * The value of `webhook-signature`: HMAC-SHA256 over `ID.TIMESTAMP.BODY`. Source: the Standard Webhooks specification, for which there are
 * libraries in many languages.
 * @param secret any text, or `whsec_` and the base64 of the key
 * @param message `timestamp` in seconds since the epoch
 */
export function standardSignature(
  secret: string,
  { id, timestamp, body }: { id: string; timestamp: string; body: string | Buffer },
): string {
  const hmac = createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.`).update(body);
  return `v1,${hmac.digest("base64")}`;
}

function keyOf(secret: string): Buffer {
  const encoded = encodedSecret.exec(secret)?.[1];
  return encoded === undefined ? Buffer.from(secret, "utf8") : Buffer.from(encoded, "base64");
}

/** A request as it came: names of headers in small letters, and the body's bytes. */
export interface SignedRequest {
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  body: Buffer;
}

export interface SignatureRules {
  secret: string;
  /** Milliseconds since the epoch. */
  now: number;
  /**
   * Whether `X-Hub-Signature-256` counts, too. It says nothing of the time, so whoever has seen such a request can send it again at any time.
   */
  takesUndated: boolean;
}

/** A signed message that can be told when it comes again. */
export interface SignedMessage {
  id: string;
  /** When it was signed, by the sender's clock. Milliseconds since the epoch, in whole seconds. */
  signedAt: number;
  /** SHA-256 of its body, hex. */
  digest: string;
}

/** Why a signature is refused, in words for its sender; or the message, null where nothing tells it from others. */
export type Verdict = { refused: string } | { message: SignedMessage | null };

/** Whether a request says that it is signed, in one of the forms that are known here. */
export function claimsSignature({ headers }: Pick<SignedRequest, "headers">): boolean {
  return headers["webhook-signature"] !== undefined || headers["x-hub-signature-256"] !== undefined;
}

/** Checks the signature of a request by Standard Webhooks, or in the form of GitHub and of many others. */
export function verifySignature(request: SignedRequest, rules: SignatureRules): Verdict {
  const { headers } = request;
  if (headers["webhook-signature"] !== undefined) return verifyStandard(request, rules);
  if (headers["x-hub-signature-256"] === undefined) return { refused: "it is not signed" };
  if (!rules.takesUndated) return { refused: "its signature says no time: sign it by Standard Webhooks" };
  const digest = createHmac("sha256", keyOf(rules.secret)).update(request.body).digest("hex");
  const isRight = sameText(textOf(headers["x-hub-signature-256"]).toLowerCase(), `sha256=${digest}`);
  return isRight ? { message: null } : { refused: "its signature is not that of this body and this secret" };
}

function verifyStandard({ headers, body }: SignedRequest, { secret, now }: SignatureRules): Verdict {
  const id = textOf(headers["webhook-id"]);
  const timestamp = textOf(headers["webhook-timestamp"]);
  if (id === "" || !/^\d{1,12}$/u.test(timestamp))
    return { refused: "it has no webhook-id, or no webhook-timestamp in seconds since 1970" };
  const wanted = standardSignature(secret, { id, timestamp, body });
  // While a secret is being replaced, a sender signs by both.
  const isRight = textOf(headers["webhook-signature"])
    .split(" ")
    .some((given) => sameText(given, wanted));
  if (!isRight) return { refused: "its signature is not that of this body and this secret" };
  const signedAt = Number(timestamp) * 1000;
  const isInTime = Math.abs(now - signedAt) <= toleranceMs;
  return isInTime
    ? { message: { id, signedAt, digest: sha256(body).toString("hex") } }
    : { refused: "its time is more than five minutes away from the time here" };
}

/** Takes as long whatever they have in common. */
export function sameText(given: string, wanted: string): boolean {
  return timingSafeEqual(sha256(given), sha256(wanted));
}

function sha256(text: string | Buffer): Buffer {
  return createHash("sha256").update(text).digest();
}

const textOf = (header: string | readonly string[] | undefined) =>
  typeof header === "string" ? header.trim() : "";
