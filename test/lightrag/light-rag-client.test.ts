import { describe } from "vitest";
import { describeLightRagClient } from "../contract/light-rag-client-suite.ts";
import { lightragMissing } from "../support/python-lightrag.ts";
import { pythonHarness } from "../support/python-lightrag-harness.ts";

describe.skipIf(lightragMissing !== null)(lightragMissing ?? "over real servers", () => {
  describeLightRagClient(pythonHarness("1.5"));
  describeLightRagClient(pythonHarness("1.4"));
});
