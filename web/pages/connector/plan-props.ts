import type { ConnectorStatus } from "../../connectors/connector.ts";

/** What each plan of an action gets. */
export interface PlanProps {
  status: ConnectorStatus;
  close: () => void;
  done: () => void;
}
