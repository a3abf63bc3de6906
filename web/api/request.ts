import { isOutage, Outage } from "./outage.ts";
import { type ApiProblem, problemIn, serviceAway } from "./problem.ts";

/** The API beside this page, below whatever path a proxy has put both. */
export function apiAddress(path: string): string {
  return new URL(`api/v1/${path.replace(/^\//u, "")}`, document.baseURI).href;
}

/** Sent with every change; a foreign page does not know it. */
let csrf: string | null = null;
let onSignedOut: (why: ApiProblem) => void = () => undefined;

/** What waits for the service to answer again. Any answer of it ends the outage. */
export const outage = new Outage(() =>
  request("GET", "session").then(
    () => true,
    (thrown: unknown) => !isOutage(thrown),
  ),
);

export function useCsrf(token: string | null): void {
  csrf = token;
}

/** What to do when the service knows this browser no more; it says why. */
export function whenSignedOut(react: (why: ApiProblem) => void): void {
  onSignedOut = react;
}

export interface RequestOptions {
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal | undefined;
}

/** Asks the API and resolves with its JSON. Throws `ApiProblem`, and `AbortError` where the caller has lost interest. */
export async function request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
  const answer = await send(method, path, options);
  const problem = answer.ok ? null : await problemIn(answer);
  if (problem === null || !isOutage(problem)) outage.answered();
  if (problem !== null) {
    if (answer.status === 401) onSignedOut(problem);
    throw problem;
  }
  return answer.status === 204 ? null : answer.json();
}

async function send(
  method: string,
  path: string,
  { body, headers, signal }: RequestOptions,
): Promise<Response> {
  try {
    return await fetch(apiAddress(path), {
      method,
      credentials: "same-origin",
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(method === "GET" || csrf === null ? {} : { "x-csrf-token": csrf }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (thrown) {
    if (signal?.aborted) throw thrown;
    throw serviceAway();
  }
}
