/** What a figure has to reach; none for one that is only reported. */
export type Target = { atLeast: number } | { below: number } | null;

export interface Figure {
  what: string;
  value: number;
  unit: string;
  target: Target;
  /** What the figure was made from. */
  details?: Readonly<Record<string, unknown>>;
}

/** One file of this folder: a few figures that belong together. */
export type Measurement = () => Promise<Figure[]>;

/** Null where there is nothing to meet. */
export function isMet({ value, target }: Figure): boolean | null {
  if (target === null) return null;
  return "below" in target ? value < target.below : value >= target.atLeast;
}

export function tableOf(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.what,
    `${readable(figure.value)} ${figure.unit}`,
    targetText(figure),
    metText(figure),
  ]);
  return ["| what | figure | target | met |", "| --- | --- | --- | --- |", ...rows.map(line)].join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function readable(value: number): string {
  return value >= 100 ? Math.round(value).toString() : Number(value.toPrecision(3)).toString();
}

function targetText({ target, unit }: Figure): string {
  if (target === null) return "–";
  return "below" in target ? `< ${target.below} ${unit}` : `≥ ${target.atLeast} ${unit}`;
}

function metText(figure: Figure): string {
  const met = isMet(figure);
  return met === null ? "–" : met ? "yes" : "**no**";
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
