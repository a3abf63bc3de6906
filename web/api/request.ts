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
export const outage = new Outage(answers);

/** How long a service that is well may take to say who is signed in. Milliseconds. */
export const shortLimitMs = 8_000;

/** When the service last showed that it is there, by an answer or an event. Milliseconds. */
let heardAt = Date.now();
/** Ends every request that waits for an answer, once the service is known not to answer. */
let hangUp = new AbortController();

export const lastHeardAt = (): number => heardAt;

/** Notes a sign of life of the service. */
export function heard(): void {
  heardAt = Date.now();
}

/**
 * Resolves to whether the service answers, be it with a refusal, within `shortLimitMs`. Where it does not, nothing that waits for it waits any
 * longer: a process that hangs keeps its connections open.
 */
export function answers(): Promise<boolean> {
  return request("GET", "session", { limitMs: shortLimitMs }).then(
    () => true,
    (thrown: unknown) => !isOutage(thrown),
  );
}

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
  /**
   * How long to wait for what is always quick. Milliseconds. All else may take as long as the service answers that: a model is slow, and
   * whether somebody is there is asked meanwhile.
   */
  limitMs?: number;
}

/** Asks the API and resolves with its JSON. Throws `ApiProblem`, and `AbortError` where the caller has lost interest. */
export async function request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
  const { status, problem, value } = await send(method, path, options);
  if (problem === null || !isOutage(problem)) {
    heard();
    outage.answered();
  }
  if (problem !== null) {
    if (status === 401) onSignedOut(problem);
    throw problem;
  }
  return value;
}

interface Sent {
  status: number;
  problem: ApiProblem | null;
  value: unknown;
}

async function send(
  method: string,
  path: string,
  { body, headers, signal, limitMs }: RequestOptions,
): Promise<Sent> {
  const limit = new AbortController();
  const timer = limitMs === undefined ? undefined : setTimeout(() => limit.abort(), limitMs);
  const ends = [hangUp.signal, limit.signal, ...(signal === undefined ? [] : [signal])];
  try {
    const answer = await fetch(apiAddress(path), {
      method,
      credentials: "same-origin",
      headers: {
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(method === "GET" || csrf === null ? {} : { "x-csrf-token": csrf }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any(ends),
    });
    const { ok, status } = answer;
    if (!ok) return { status, problem: await problemIn(answer), value: null };
    return { status, problem: null, value: status === 204 ? null : await answer.json() };
  } catch (thrown) {
    if (signal?.aborted || thrown instanceof SyntaxError) throw thrown;
    if (limit.signal.aborted) endAll();
    throw serviceAway();
  } finally {
    clearTimeout(timer);
  }
}

function endAll(): void {
  const ended = hangUp;
  hangUp = new AbortController();
  ended.abort();
}
