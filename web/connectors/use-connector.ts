import { useEffect } from "preact/hooks";
import { api } from "../api/endpoints.ts";
import { onLiveEvent } from "../api/live.ts";
import { type Resource, useAnswer } from "../api/use-answer.ts";
import type { Connector } from "./connector.ts";
import { advanced } from "./progress.ts";

/** How many runs a strip shows. */
export const stripLength = 30;

/** One connector with its latest runs, kept up to date by live events: the progress of its run moves at once. */
export function useConnector(id: string): Resource<Connector> {
  const answer = useAnswer(
    async (signal) => {
      const first = await ask(id, signal);
      // A run may begin or end between the two answers; a moment later both know it.
      return agree(first) ? first : ask(id, signal);
    },
    [id],
    ({ connectorId }) => connectorId === id,
  );
  useEffect(
    () =>
      onLiveEvent((event) => {
        const known = answer.value.value;
        if (known === null || event.connectorId !== id || event.type !== "run:progress") return;
        answer.value.value = { ...known, status: advanced(known.status, event) };
      }),
    [answer],
  );
  return answer;
}

async function ask(id: string, signal: AbortSignal): Promise<Connector> {
  const [status, { runs }] = await Promise.all([
    api.connectorStatus({ connectorId: id }, { signal }),
    api.connectorHistory({ connectorId: id, limit: stripLength }, { signal }),
  ]);
  return { id, status, runs };
}

/** Whether the status and the record of the latest run tell the same of it. */
export function agree({
  status: { activeRun },
  runs: [latest],
}: Pick<Connector, "status" | "runs">): boolean {
  const isRunning = latest?.outcome === "running";
  return activeRun === null ? !isRunning : latest?.runId !== activeRun.runId || isRunning;
}
