import { describe } from "vitest";
import { stateManagerBoardSuite } from "../contract/state-manager-board-suite.ts";
import { stateManagerMemoriesSuite } from "../contract/state-manager-memories-suite.ts";
import { stateManagerPagingSuite } from "../contract/state-manager-paging-suite.ts";
import {
  stateManagerProcessesSuite,
  stateManagerSharingSuite,
} from "../contract/state-manager-processes-suite.ts";
import { stateManagerPushedSuite } from "../contract/state-manager-pushed-suite.ts";
import { stateManagerRecordsSuite } from "../contract/state-manager-records-suite.ts";
import { stateManagerSuite } from "../contract/state-manager-suite.ts";
import { stateManagerValuesSuite } from "../contract/state-manager-values-suite.ts";

describe.skipIf(process.env.TEST_POSTGRES_URL === undefined)("a server of PostgreSQL", () => {
  stateManagerSuite("postgres");
  stateManagerValuesSuite("postgres");
  stateManagerRecordsSuite("postgres");
  stateManagerPushedSuite("postgres");
  stateManagerPagingSuite("postgres");
  stateManagerMemoriesSuite("postgres");
  stateManagerBoardSuite("postgres");
  stateManagerProcessesSuite("postgres");
  stateManagerSharingSuite("postgres");
});
