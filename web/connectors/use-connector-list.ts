import { useEffect, useMemo } from "preact/hooks";
import { api } from "../api/endpoints.ts";
import { onLiveEvent } from "../api/live.ts";
import { type Session, session } from "../api/session.ts";
import type { ListedConnector } from "./connector.ts";
import { ConnectorList } from "./connector-list.ts";

/** What was shown last, to whom: who comes back to the list has its numbers at once, and also while the service is away. */
let left: { of: Session | null | undefined; connectors: readonly ListedConnector[] } | null = null;

/** All connectors, kept up to date by live events. */
export function useConnectorList(): ConnectorList {
  const list = useMemo(() => {
    const known = left?.of === session.peek() ? left?.connectors : undefined;
    return new ConnectorList((question, signal) => api.listConnectors(question, { signal }), known);
  }, []);
  useEffect(() => {
    void list.reload();
    const end = onLiveEvent((event) => list.hear(event));
    return () => {
      end();
      list.stop();
      const connectors = list.isWhole.peek() ? list.all.peek() : null;
      if (connectors !== null) left = { of: session.peek(), connectors };
    };
  }, [list]);
  return list;
}
