/** What a PromQL expression names. Enough of the language for our own dashboards and rules, not a parser. */
export interface PromqlNames {
  metrics: string[];
  labels: string[];
}

const keywords = new Set(["and", "or", "unless", "bool", "offset", "inf", "nan"]);
const grouping = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const selector = /\{([^}]*)\}/g;

export function namesIn(expression: string): PromqlNames {
  const bare = expression.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  const labels = [
    ...Array.from(bare.matchAll(grouping), ([, list = ""]) => list.split(",")).flat(),
    ...Array.from(bare.matchAll(selector), ([, list = ""]) =>
      list.split(",").map((matcher) => matcher.split(/[=!]/)[0] ?? ""),
    ).flat(),
  ];
  const rest = bare
    .replaceAll(grouping, " ")
    .replaceAll(selector, " ")
    .replaceAll(/\[[^\]]*\]/g, " ");
  const metrics = Array.from(rest.matchAll(/(?<![\w.])[a-zA-Z_:][\w:]*(?!\w)(\s*\()?/g))
    .filter(([, call]) => call === undefined)
    .map(([name]) => name)
    .filter((name) => !keywords.has(name.toLowerCase()));
  return { metrics, labels: labels.map((label) => label.trim()).filter(Boolean) };
}
