import { directHarness } from "../support/direct-harness.ts";
import { simulatedServers, simulatorHarness } from "../support/lightrag-simulator-harness.ts";
import { describeLightRagClient } from "./light-rag-client-suite.ts";
import { describeLightRagServer } from "./light-rag-server-suite.ts";

for (const generation of ["1.4", "1.5"] as const) {
  describeLightRagClient(simulatorHarness(generation));
  describeLightRagServer(simulatedServers(generation));
}
describeLightRagClient(directHarness());
