import { ConnectorError } from "../errors/connector-error.ts";
import { StandardTransformationStrategy } from "./standard-strategy.ts";
import type { TransformationStrategy } from "./transformation-strategy.ts";

type StrategyFactory = () => TransformationStrategy;

const factories: ReadonlyMap<string, StrategyFactory> = new Map([
  ["standard", () => new StandardTransformationStrategy()],
]);

export const strategyNames: readonly string[] = [...factories.keys()];

/** Throws `STRATEGY_UNKNOWN` for a name that is not registered. */
export function createStrategy(name: string): TransformationStrategy {
  const factory = factories.get(name);
  if (factory === undefined) {
    throw new ConnectorError("STRATEGY_UNKNOWN", `there is no transformation strategy "${name}"`, {
      subject: name,
      hint: `use one of: ${strategyNames.join(", ")}`,
    });
  }
  return factory();
}
