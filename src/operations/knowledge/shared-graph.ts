import * as z from "zod";
import type { ConnectorConfig, LightRagConfig } from "../../config/config.ts";
import { plural } from "../../kernel/util/readable.ts";
import { sinkOf } from "../connectors/list-connectors.ts";
import type { Services } from "../operation-context.ts";

/** Of an answer from the graph that a connector delivers to: who else does. */
export const sharingFields = {
  sharedWith: z
    .array(z.string())
    .describe("the other connectors that deliver to the same graph: what is found may be of their memories"),
  note: z.string().nullable().describe("whose the graph is, where it is not the connector's alone"),
};

/** Who shares the graph of a connector, and that in words. Nothing where no connector is named. Throws `CONNECTOR_UNKNOWN`. */
export async function sharingOf(
  services: Services,
  connectorId: string | undefined,
): Promise<z.infer<z.ZodObject<typeof sharingFields>>> {
  if (connectorId === undefined) return { sharedWith: [], note: null };
  const { lightrag } = services.connector(connectorId);
  const others = deliveringTo(services, lightrag).filter(({ id }) => id !== connectorId);
  const sharedWith = others.map(({ id }) => id);
  if (sharedWith.length === 0) return { sharedWith, note: null };
  const where = `${sinkOf(lightrag)} is shared with ${inWords(sharedWith)}`;
  const { processed } = await services.state.countRows(connectorId);
  const note =
    processed === 0
      ? `Nothing of ${connectorId} is in this graph: all in it is of other memories. ${where}.`
      : `What is found may be of memories of other connectors: ${where}.`;
  return { sharedWith, note };
}

/** The connectors whose documents go to this LightRAG. */
export function deliveringTo(
  { connectors }: Pick<Services, "connectors">,
  lightrag: LightRagConfig,
): readonly ConnectorConfig[] {
  const graph = sinkOf(lightrag);
  return connectors.configs().filter((one) => sinkOf(one.lightrag) === graph);
}

const mostNamed = 3;

function inWords(ids: readonly string[]): string {
  const named = ids.slice(0, mostNamed).join(", ");
  return ids.length > mostNamed ? `${named} and ${plural(ids.length - mostNamed, "other")}` : named;
}
