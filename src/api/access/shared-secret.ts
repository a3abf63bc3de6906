import type { FastifyReply, FastifyRequest } from "fastify";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import {
  claimsSignature,
  type SignedMessage,
  sameText,
  verifySignature,
} from "../../kernel/inbound/signed-message.ts";
import type { ApiParts, RouteDescription, SharedSecrets } from "../route.ts";
import { type Caller, guessed, type LoginThrottle, nobody } from "./authenticator.ts";

interface SenderParts {
  parts: Pick<ApiParts, "app" | "clock">;
  throttle: LoginThrottle;
}

/** Somebody who shares a secret with a connector; `message` is null where nothing tells it from others. */
export type Sender = Caller & { message: SignedMessage | null };

/**
 * For a request that shows a secret of its connector instead of a key: what looks at the body and resolves to the sender, or throws
 * `API_SIGNATURE_REFUSED`. Null for any other request. An unknown connector is told from a wrong secret by nobody.
 */
export function senderOf(
  { shared }: Pick<RouteDescription, "shared">,
  { parts, throttle }: SenderParts,
  request: FastifyRequest,
  reply: FastifyReply,
): ((body: Buffer) => Sender) | null {
  if (shared === undefined || showsKey(request)) return null;
  const { headers } = request;
  const given = urlSecretOf(request);
  if (given === null && !claimsSignature({ headers })) return null;
  const { id = "" } = request.params as { id?: string };
  const secrets = secretsOf(shared, parts, id);
  return (body) => {
    const verdict =
      given === null
        ? bySignature(shared, secrets.signing, parts, { headers, body })
        : byUrl(secrets.url, given);
    if ("refused" in verdict) throw guessed(throttle, request, reply) ?? refusal(verdict.refused);
    return {
      ...nobody,
      hasKey: true,
      actor: { kind: "signature", id: null, name: null },
      message: verdict.message,
    };
  };
}

function showsKey({ headers }: FastifyRequest): boolean {
  return headers["x-api-key"] !== undefined || headers.authorization !== undefined;
}

function urlSecretOf({ query }: FastifyRequest): string | null {
  const { secret } = query as { secret?: unknown };
  return typeof secret === "string" ? secret : null;
}

function secretsOf({ of }: SharedSecrets, { app }: SenderParts["parts"], id: string): ReturnType<typeof of> {
  const connector = app.connectors.find(id)?.config;
  return connector === undefined ? { signing: null, url: null } : of(connector);
}

function bySignature(
  { takesUndated }: SharedSecrets,
  secret: string | null,
  { clock }: SenderParts["parts"],
  signed: Parameters<typeof verifySignature>[0],
) {
  if (secret === null) return { refused: "its signature is not that of this body and this secret" };
  return verifySignature(signed, { secret, now: clock.now(), takesUndated });
}

function byUrl(secret: string | null, given: string) {
  if (secret !== null && sameText(given, secret)) return { message: null };
  return { refused: "the secret in its address is not that of this connector" };
}

function refusal(why: string): ConnectorError {
  return new ConnectorError("API_SIGNATURE_REFUSED", `this was not taken: ${why}`);
}
