import * as z from "zod";
import { connectorIdField } from "../../operations/fields.ts";
import { triggerRun } from "../../operations/runs/trigger-run.ts";
import { tool } from "../tool.ts";

export const syncNow = tool({
  name: "sync_now",
  title: "Bring in new memories now",
  description:
    "Have the running service run a connector at once. Returns when the run is handed out; `status` shows it.",
  access: "admin",
  input: { connectorId: connectorIdField },
  output: z.strictObject({ connectorId: z.string(), runId: z.string() }),
  run: ({ call }, { connectorId }) => call(triggerRun, { connectorId: connectorId }),
});
