import { useEffect, useMemo } from "preact/hooks";
import { api } from "../api/endpoints.ts";
import { onLiveEvent } from "../api/live.ts";
import { ConnectorList } from "./connector-list.ts";
import { knownConnectors, noteConnectors } from "./known-connectors.ts";

/** All connectors, kept up to date by live events. What is known of them is there at once, and also while the service is away. */
export function useConnectorList(): ConnectorList {
  const list = useMemo(
    () =>
      new ConnectorList(
        (question, signal) => api.listConnectors(question, { signal }),
        knownConnectors.peek(),
      ),
    [],
  );
  useEffect(() => {
    void list.reload();
    const end = onLiveEvent((event) => list.hear(event));
    return () => {
      end();
      list.stop();
      const connectors = list.isWhole.peek() ? list.all.peek() : null;
      if (connectors !== null) noteConnectors(connectors);
    };
  }, [list]);
  return list;
}
