/**
 * Lists of the form `name=value,name=value` with percent-encoded values, as the variables `OTEL_EXPORTER_OTLP_HEADERS` and
 * `OTEL_RESOURCE_ATTRIBUTES` have them. Messages never quote a value: it may be a key.
 */

interface Pair {
  name: string;
  /** Null when it is no pair, or not decodable. */
  value: string | null;
}

/** The pairs of a valid list; of a name that comes twice the last one. */
export function readPairs(list: string): Record<string, string> {
  return Object.fromEntries(
    split(list).flatMap(({ name, value }) => (value === null ? [] : [[name, value]])),
  );
}

/** Why a text is no such list; null when it is one. */
export function problemOfPairs(list: string): string | null {
  const broken = split(list).findIndex(({ name, value }) => name === "" || value === null);
  if (broken === -1) return null;
  return `must be pairs of the form name=value,name=value with percent-encoded values; number ${broken + 1} is none`;
}

/** Headers that HTTP itself sets. */
const ofHttp = /^(content-.*|host|connection|transfer-encoding|te|trailer|upgrade|keep-alive|expect)$/iu;

/** Why a text is no such list of headers; null when it is one. */
export function problemOfHeaders(list: string): string | null {
  const problem = problemOfPairs(list);
  if (problem !== null) return problem;
  const pairs = split(list);
  const unnamed = pairs.findIndex(({ name }) => !/^[\w!#$%&'*+.^`|~-]+$/u.test(name) || ofHttp.test(name));
  if (unnamed !== -1) return `must not have number ${unnamed + 1}: a header cannot be called so here`;
  const unsendable = pairs.find(({ value }) => /[^\t\u0020-\u007e\u0080-\u00ff]/u.test(value ?? ""));
  if (unsendable === undefined) return null;
  return `has a character in the value of ${unsendable.name} which no header of HTTP can carry`;
}

function split(list: string): Pair[] {
  return list
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map((item) => {
      const at = item.indexOf("=");
      const value = at === -1 ? null : decoded(item.slice(at + 1).trim());
      return { name: item.slice(0, Math.max(at, 0)).trim(), value };
    });
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
