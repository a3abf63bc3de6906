import { ConnectorError } from "../kernel/errors/connector-error.ts";
import { RichTransformationStrategy } from "./rich-strategy.ts";
import { StandardTransformationStrategy } from "./standard-strategy.ts";
import { TemplateTransformationStrategy } from "./template/template-strategy.ts";
import type { TransformationStrategy } from "./transformation-strategy.ts";

export interface StrategyOptions {
  /** A Mustache template; required by the strategy `template`. */
  template?: string | undefined;
}

type StrategyFactory = (options: StrategyOptions) => TransformationStrategy;

const factories: ReadonlyMap<string, StrategyFactory> = new Map<string, StrategyFactory>([
  ["standard", () => new StandardTransformationStrategy()],
  ["rich", () => new RichTransformationStrategy()],
  ["template", ({ template }) => new TemplateTransformationStrategy(required(template))],
]);

export const strategyNames: readonly string[] = [...factories.keys()];

/** Throws `STRATEGY_UNKNOWN` for a name that is not registered, and `TEMPLATE_INVALID`. */
export function createStrategy(name: string, options: StrategyOptions = {}): TransformationStrategy {
  const factory = factories.get(name);
  if (factory === undefined) {
    throw new ConnectorError("STRATEGY_UNKNOWN", `there is no transformation strategy "${name}"`, {
      subject: name,
      hint: `use one of: ${strategyNames.join(", ")}`,
    });
  }
  return factory(options);
}

/** Whether the strategy's documents show places, local times and tags, so that they have to be found out. */
export function showsFacts(strategy: string): boolean {
  return strategy !== "standard";
}

function required(template: string | undefined): string {
  if (template !== undefined && template.trim() !== "") return template;
  throw new ConnectorError("TEMPLATE_INVALID", "the strategy `template` has no template", {
    subject: "template",
    hint: "set transformation.template",
  });
}
