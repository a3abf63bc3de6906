import { simulatorHarness } from "../support/lightrag-simulator-harness.ts";
import { describeLightRagClient } from "./light-rag-client-suite.ts";

describeLightRagClient(simulatorHarness("1.4"));
describeLightRagClient(simulatorHarness("1.5"));
