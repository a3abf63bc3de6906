import { ApiProblem } from "../api/problem.ts";

/** Where the service sees the settings of a form: in the body of a request, and then in the list of all connectors. */
const place = /\b(?:body|settings|connectors\[\d+\])(?:\.|$|(?=[\s,:;]))/gu;

/** A problem of what a form sends, in which each path is that of a field of the form. */
export function ofForm({ message, status, code, hint, subject, problems }: ApiProblem): ApiProblem {
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
