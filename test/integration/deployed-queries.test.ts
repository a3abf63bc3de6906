import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { errorCodes } from "../../src/kernel/errors/codes.ts";
import { Metrics } from "../../src/observe/metrics.ts";
import { namesIn } from "../support/promql.ts";

const read = (path: string) => readFileSync(new URL(`../../deploy/${path}`, import.meta.url), "utf8");

const alertsFile = z.strictObject({
  groups: z.array(
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string().regex(/^MemoryConnector\w+$/),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+[smhd]$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(["info", "warning", "critical"]) }),
          annotations: z.strictObject({ summary: z.string(), description: z.string() }),
        }),
      ),
    }),
  ),
});

const dashboard = z.looseObject({
  panels: z.array(
    z.looseObject({
      id: z.number(),
      title: z.string(),
      gridPos: z.strictObject({ h: z.number(), w: z.number(), x: z.number(), y: z.number() }),
      targets: z.array(z.looseObject({ expr: z.string(), refId: z.string() })).nonempty(),
    }),
  ),
});

const rules = alertsFile.parse(parse(read("prometheus-alerts.yaml"))).groups.flatMap((group) => group.rules);
const { panels } = dashboard.parse(JSON.parse(read("grafana-dashboard.json")));

const queries = [
  ...rules.map(({ alert, expr }) => ({ where: `alert ${alert}`, expr })),
  ...panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: `panel ${title}`, expr }))),
];

const metrics = new Metrics();
metrics.addProcessMetrics();
const knownSeries = new Set([...metrics.seriesNames(), "up"]);
/** Prometheus adds the last three. */
const knownLabels = new Set([
  ...metrics.definitions.flatMap(({ labels }) => labels),
  "le",
  "job",
  "instance",
]);

test("the tokenizer of these tests finds metrics and labels, and nothing else", () => {
  const expression = `histogram_quantile(0.95, sum by (le, a) (rate(x_bucket{b=~"c|d", e!="{f}"}[5m]))) > 1.5e3
    unless on (a) sum without(g) (y offset 5m) or absent(z{h='i'})`;
  expect(namesIn(expression)).toEqual({
    metrics: ["x_bucket", "y", "z"],
    labels: ["le", "a", "a", "g", "b", "e", "h"],
  });
});

describe("dashboard and alert rules", () => {
  test.each(queries)("$where names only metrics and labels that there are", ({ expr }) => {
    const named = namesIn(expr);
    expect(named.metrics).not.toEqual([]);
    expect(named.metrics.filter((name) => !knownSeries.has(name))).toEqual([]);
    expect(named.labels.filter((name) => !knownLabels.has(name))).toEqual([]);
  });

  test.each(queries)("$where has its brackets in pairs", ({ expr }) => {
    const open: string[] = [];
    const pairs: Record<string, string> = { ")": "(", "]": "[", "}": "{" };
    for (const [bracket] of expr.replaceAll(/"[^"]*"/g, "").matchAll(/[()[\]{}]/g)) {
      if (pairs[bracket] === undefined) open.push(bracket);
      else expect(open.pop()).toBe(pairs[bracket]);
    }
    expect(open).toEqual([]);
  });

  test("name each alert and each panel once", () => {
    const names = [...rules.map(({ alert }) => alert), ...panels.map(({ title }) => title)];
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  test("compare with error codes that there are", () => {
    const codes = queries.flatMap(({ expr }) =>
      Array.from(expr.matchAll(/error_type="(\w+)"/g), ([, code]) => code),
    );
    expect(codes.filter((code) => !(String(code) in errorCodes))).toEqual([]);
  });

  test("show panels side by side, none over another", () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => `${x + (n % w)},${y + Math.floor(n / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
