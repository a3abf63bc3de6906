import { stateManagerBoardSuite } from "./state-manager-board-suite.ts";
import { stateManagerMemoriesSuite } from "./state-manager-memories-suite.ts";
import { stateManagerPagingSuite } from "./state-manager-paging-suite.ts";
import { stateManagerPushedSuite } from "./state-manager-pushed-suite.ts";
import { stateManagerRecordsSuite } from "./state-manager-records-suite.ts";
import { stateManagerSuite } from "./state-manager-suite.ts";
import { stateManagerValuesSuite } from "./state-manager-values-suite.ts";

stateManagerSuite("pglite");
stateManagerValuesSuite("pglite");
stateManagerRecordsSuite("pglite");
stateManagerPushedSuite("pglite");
stateManagerPagingSuite("pglite");
stateManagerMemoriesSuite("pglite");
stateManagerBoardSuite("pglite");
