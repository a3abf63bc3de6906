import { describe } from "vitest";
import { describeLightRagClient } from "../contract/light-rag-client-suite.ts";
import { describeLightRagServer } from "../contract/light-rag-server-suite.ts";
import { lightragMissing } from "../support/python-lightrag.ts";
import { pythonHarness, pythonServers } from "../support/python-lightrag-harness.ts";

describe.skipIf(lightragMissing !== null)(lightragMissing ?? "over real servers", () => {
  for (const generation of ["1.5", "1.4"] as const) {
    describeLightRagClient(pythonHarness(generation));
    describeLightRagServer(pythonServers(generation));
  }
});
