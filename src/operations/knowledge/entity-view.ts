import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import type { EntityView, KnowledgeReader } from "../../sinks/lightrag/knowledge-reader.ts";

const suggestions = 5;

/** An entity by its exact name. Throws `ENTITY_UNKNOWN` with names that come close. */
export async function entityView(
  knowledge: KnowledgeReader,
  name: string,
  signal: AbortSignal,
): Promise<EntityView> {
  const view = await knowledge.entity(name, signal);
  if (view !== null) return view;
  const close = await knowledge.findNames(name, suggestions, signal);
  throw new ConnectorError("ENTITY_UNKNOWN", `the graph has no entity "${name}"`, {
    subject: name,
    ...(close.length === 0 ? {} : { hint: `there are: ${close.join(", ")}` }),
  });
}
