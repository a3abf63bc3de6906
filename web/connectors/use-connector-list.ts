import { useEffect, useMemo } from "preact/hooks";
import { api } from "../api/endpoints.ts";
import { onLiveEvent } from "../api/live.ts";
import { ConnectorList } from "./connector-list.ts";

/** All connectors, kept up to date by live events. */
export function useConnectorList(): ConnectorList {
  const list = useMemo(
    () => new ConnectorList((question, signal) => api.listConnectors(question, { signal })),
    [],
  );
  useEffect(() => {
    void list.reload();
    const end = onLiveEvent((event) => list.hear(event));
    return () => {
      end();
      list.stop();
    };
  }, [list]);
  return list;
}
