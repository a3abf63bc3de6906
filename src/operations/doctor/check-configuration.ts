import type { ReadConfig } from "../../config/read-config.ts";
import { ConfigInvalidError, findingText } from "../../config/report/finding.ts";
import { plural } from "../../kernel/util/readable.ts";
import { type Diagnosis, failure, fine, problem, warning } from "./diagnosis.ts";

const area = "configuration";

/** For a valid configuration. */
export function checkConfiguration({ source, config, warnings }: ReadConfig): Diagnosis[] {
  const valid = `${source} is valid: ${plural(config.connectors.length, "connector")}`;
  return [
    fine(area, valid),
    ...warnings.map((finding) =>
      warning(area, findingText({ ...finding, hint: null }), finding.hint ?? "see docs/configuration.md"),
    ),
  ];
}

/** For an invalid one: `thrown` is the error of reading it. */
export function configurationProblems(thrown: unknown): Diagnosis[] {
  if (!(thrown instanceof ConfigInvalidError)) return [failure(area, thrown)];
  return thrown.problems.map((finding) => ({
    ...problem(area, findingText({ ...finding, hint: null }), finding.hint ?? thrown.hint),
    code: thrown.code,
  }));
}
