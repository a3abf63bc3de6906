import type { Drift, DriftKind } from "../../domain/drift-report.ts";
import { driftKinds } from "../../domain/drift-report.ts";

const maxExamples = 5;

/** Counts what is found. Holds counts and a few examples, never items. */
export class DriftTally {
  readonly #groups = new Map<DriftKind, { count: number; examples: string[] }>();

  add(kind: DriftKind, example: string): void {
    const group = this.#groups.get(kind) ?? { count: 0, examples: [] };
    group.count += 1;
    if (group.examples.length < maxExamples) group.examples.push(example);
    this.#groups.set(kind, group);
  }

  toDrift(): Drift {
    const none = { count: 0, examples: [] };
    const entries = driftKinds.map((kind) => [kind, this.#groups.get(kind) ?? none]);
    return Object.fromEntries(entries) as Drift;
  }
}
