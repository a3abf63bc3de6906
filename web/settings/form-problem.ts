import { ApiProblem } from "../api/problem.ts";

/** Where the service sees the settings of a form: in the body of a request, and then in the list of all connectors. */
const place = /\b(?:body|settings|connectors\[\d+\])(?:\.|$|(?=[\s,:;]))/gu;

/** A problem of what a form sends, in which each path is that of a field of the form, in the words of who typed it. */
export function ofForm(problem: ApiProblem): ApiProblem {
  const { message, status, code, hint, subject, problems } = problem;
  if (code === "STATE_CONFLICT")
    return new ApiProblem({
      ...{ status, code, title: "it was changed by someone else at the same time, so nothing was saved" },
      hint: "see what differs, and whose is to hold",
    });
  if (code === "CONNECTOR_EXISTS")
    return new ApiProblem({
      ...{ status, code, hint, title: message },
      problems: [{ path: "id", reason: "is that of another connector", hint }],
    });
  return new ApiProblem({
    ...{ status, code, hint },
    title: message.replaceAll(place, ""),
    ...(subject !== null && { subject }),
    problems: problems.map(({ path, reason, hint: help }) => ({
      path: path.replaceAll(place, "") || "the settings",
      reason,
      hint: help,
    })),
  });
}

/** What is wrong with a setting that has one field, whatever is within it: `memories[0].created_at is missing`. */
export function faultOf(wrong: ReadonlyMap<string, string>, name: string): string | undefined {
  const own = wrong.get(name);
  if (own !== undefined) return own;
  const within = [...wrong].filter(([path]) => path.startsWith(`${name}[`) || path.startsWith(`${name}.`));
  const around = name.lastIndexOf(".") + 1;
  return within.map(([path, reason]) => `${path.slice(around)} ${reason}`).join("; ") || undefined;
}
