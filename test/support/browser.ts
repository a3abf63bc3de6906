import { type ApiAnswer, type ApiCall, callApi } from "./api-client.ts";

/** A browser on the service's own page: keeps the cookie, and sends what browsers send. */
export interface Browser {
  cookie: string;
  csrf: string;
  call(method: string, path: string, options?: ApiCall): Promise<ApiAnswer>;
}

const ownPage = (url: string) => ({ origin: new URL(url).origin, "sec-fetch-site": "same-origin" });

/** Asks to be signed in; the answer of the service, whatever it is. */
export function askForSession(
  url: string,
  proof: object,
  headers: Record<string, string> = {},
): Promise<ApiAnswer> {
  return callApi(url, "POST", "/api/v1/session", {
    key: null,
    body: proof,
    headers: { ...ownPage(url), ...headers },
  });
}

/** Throws where the service does not sign it in. */
export async function signIn(
  url: string,
  proof: object,
  headers: Record<string, string> = {},
): Promise<Browser> {
  const { status, body, headers: answered } = await askForSession(url, proof, headers);
  if (status !== 200) throw new Error(`not signed in: ${JSON.stringify(body)}`);
  const cookie = (answered.get("set-cookie") ?? "").split(";")[0] ?? "";
  const call = (method: string, path: string, { headers: more, ...rest }: ApiCall = {}) =>
    callApi(url, method, path, {
      key: null,
      ...rest,
      headers: { ...ownPage(url), ...headers, cookie, "x-csrf-token": body.csrf, ...more },
    });
  return { cookie, csrf: body.csrf, call };
}
