import { stateManagerFilesSuite } from "./state-manager-files-suite.ts";
import { stateManagerMemoriesSuite } from "./state-manager-memories-suite.ts";
import { stateManagerPagingSuite } from "./state-manager-paging-suite.ts";
import { stateManagerProcessesSuite, stateManagerSharingSuite } from "./state-manager-processes-suite.ts";
import { stateManagerPushedSuite } from "./state-manager-pushed-suite.ts";
import { stateManagerRecordsSuite } from "./state-manager-records-suite.ts";
import { stateManagerSuite } from "./state-manager-suite.ts";
import { stateManagerValuesSuite } from "./state-manager-values-suite.ts";

stateManagerSuite("sqlite");
stateManagerValuesSuite("sqlite");
stateManagerRecordsSuite("sqlite");
stateManagerPushedSuite("sqlite");
stateManagerPagingSuite("sqlite");
stateManagerMemoriesSuite("sqlite");
stateManagerProcessesSuite("sqlite");
stateManagerFilesSuite("sqlite");
stateManagerSharingSuite("sqlite");
