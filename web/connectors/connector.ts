import type { Answer } from "../api/endpoint.ts";
import type { api } from "../api/endpoints.ts";

type AnswerOf<Name extends keyof typeof api> = Awaited<ReturnType<(typeof api)[Name]>>;

export type ListedConnector = AnswerOf<"listConnectors">["connectors"][number];
export type ConnectorStatus = AnswerOf<"connectorStatus">;
export type Run = AnswerOf<"getRun">;
export type ActiveRun = NonNullable<ConnectorStatus["activeRun"]>;
export type RunPlan = AnswerOf<"planRun">;
export type { Answer };

/** A connector on the page: where it stands and its latest runs, newest first. */
export interface Connector {
  id: string;
  status: ConnectorStatus;
  runs: readonly Run[];
}
