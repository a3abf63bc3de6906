import type { Problem } from "../../src/api/problem.ts";

/** Why a request had no answer: what the service says about it, or what the page knows where the service said nothing. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  /** What to do about it. */
  readonly hint: string;
  readonly subject: string | null;
  /** Every single problem of what was sent, by path. */
  readonly problems: readonly { path: string; reason: string; hint: string | null }[];

  constructor({ title, status, code, hint, subject, problems }: Omit<Problem, "type" | "requestId">) {
    super(title);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.subject = subject ?? null;
    this.problems = problems ?? [];
  }
}

/** Whether the same request may have an answer another time: what was asked for wrongly, or is not there or not allowed, has none. */
export const isPassing = ({ status }: ApiProblem): boolean =>
  status < 400 || status >= 500 || [408, 409, 425, 429].includes(status);

/** The service did not answer at all. */
export function serviceAway(): ApiProblem {
  return new ApiProblem({
    title: "the service does not answer",
    status: 0,
    code: "SERVICE_UNREACHABLE",
    hint: "See whether `memory-connector serve` still runs; this page tries again by itself.",
  });
}

/** Where the service finds what an address of the page says: a person knows the name alone. */
const placeInRequest = /^(?:querystring|params)\./u;

/** The problem of an address in the words of who typed it: they know nothing of a request and its query. */
function ofAddress(problem: Problem): Problem {
  const { code, problems = [] } = problem;
  if (code !== "API_REQUEST_INVALID" || !problems.every(({ path }) => placeInRequest.test(path)))
    return problem;
  return {
    ...problem,
    title: "the address says what cannot be",
    hint: "correct it, or take that out of it",
    problems: problems.map((each) => ({ ...each, path: each.path.replace(placeInRequest, "") })),
  };
}

/** The problem in an answer that is not a success. Something between here and the service may have answered in its place. */
export async function problemIn(answer: Response): Promise<ApiProblem> {
  const body: unknown = await answer.json().catch(() => null);
  if (isProblem(body)) return new ApiProblem(ofAddress(body));
  return new ApiProblem({
    title: `the service was not reached: HTTP ${answer.status}`,
    status: answer.status,
    code: "SERVICE_UNREACHABLE",
    hint: "Something else answered in its place, such as a proxy. See its log.",
  });
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "hint" in body && "title" in body;
}

/** Whatever was thrown, as a problem with words for a person. */
export function asProblem(thrown: unknown): ApiProblem {
  if (thrown instanceof ApiProblem) return thrown;
  return new ApiProblem({
    title: "the page itself has failed",
    status: 0,
    code: "INTERNAL",
    hint: `Reload it. If that does not help, report this: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
  });
}

/** A part of what was asked for that the service alone can judge, and why it can make nothing of it: `no code of an error`. */
export interface Refused {
  key: string;
  why: string;
}

/** The part that a refusal is about, where the rest may have an answer without it; null for another one. */
function refusedPart(thrown: unknown): Refused | null {
  if (!(thrown instanceof ApiProblem)) return null;
  const { code, hint, problems } = thrown;
  if (problems.length > 0 && problems.every(({ path }) => /^codes?(?:\.|$)/u.test(path)))
    return { key: "code", why: "no code of an error" };
  if (code === "PLACE_UNKNOWN") return { key: "near", why: `no town that is known: ${hint}` };
  return code === "RANGE_REVERSED" ? { key: "until", why: "before since" } : null;
}

/** Asks, and once more without each part that the service can make nothing of. Rejects as `ask` does where that leaves nothing out. */
export async function withoutRefused<Asked extends object, Found>(
  asked: Asked,
  ask: (known: Asked) => Promise<Found>,
  without: (asked: Asked, key: string) => Asked,
  before: readonly Refused[] = [],
): Promise<{ found: Found; refused: readonly Refused[] }> {
  try {
    return { found: await ask(asked), refused: before };
  } catch (thrown) {
    const part = refusedPart(thrown);
    if (part === null || !Object.hasOwn(asked, part.key)) throw thrown;
    return withoutRefused(without(asked, part.key), ask, without, [...before, part]);
  }
}
