import { pglitePool } from "../support/pglite-state.ts";
import { sharedRunsSuite } from "./shared-runs-suite.ts";

sharedRunsSuite(pglitePool);
