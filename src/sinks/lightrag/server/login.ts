import { ConnectorError } from "../../../kernel/errors/connector-error.ts";
import { HttpError } from "../../../kernel/http/http-error.ts";
import { toSinkError } from "./errors.ts";
import { type JsonHttp, readAs } from "./session.ts";
import type { TokenSource } from "./token-credentials.ts";
import { authStatusAnswer, loginAnswer } from "./wire.ts";

/**
 * Logs in with user name and password. A refusal is remembered: LightRAG locks a login after a few wrong passwords
 * (LightRAG contract §1.2), and asking again would only lengthen the lock.
 */
export function passwordLogin(http: JsonHttp, username: string, password: string): TokenSource {
  let refusal: ConnectorError | undefined;
  return async (signal) => {
    if (refusal !== undefined) throw refusal;
    const form = { username, password };
    const request = { method: "POST", path: ["login"], form, whenOpen: "wait" } as const;
    try {
      return readAs(loginAnswer, await http.json(request, signal), request).access_token;
    } catch (error) {
      const failure = loginFailure(error);
      if (failure instanceof ConnectorError && failure.code === "SINK_UNAUTHORIZED") refusal = failure;
      throw failure;
    }
  };
}

/** The token that an open server gives to everybody; null where there is none to be had. */
export function guestToken(http: JsonHttp): TokenSource {
  return async (signal) => {
    const request = { method: "GET", path: ["auth-status"], whenOpen: "wait" } as const;
    const answer = readAs(authStatusAnswer, await http.json(request, signal), request);
    return answer.access_token ?? null;
  };
}

function loginFailure(error: unknown): Error {
  if (!(error instanceof HttpError)) return toSinkError(error);
  if (error.status === 401 || error.status === 400 || error.status === 422) {
    return new ConnectorError("SINK_UNAUTHORIZED", "LightRAG did not accept the user name and password", {
      hint: "correct lightrag.api.username and lightrag.api.password",
      status: error.status,
      cause: error,
    });
  }
  if (error.status !== 429) return toSinkError(error);
  return new ConnectorError("SINK_LOGIN_LOCKED", "LightRAG has locked the login for a while", {
    cause: error,
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  });
}
