import { stateManagerFilesSuite } from "./state-manager-files-suite.ts";
import { stateManagerMemoriesSuite } from "./state-manager-memories-suite.ts";
import { stateManagerPagingSuite } from "./state-manager-paging-suite.ts";
import { stateManagerProcessesSuite } from "./state-manager-processes-suite.ts";
import { stateManagerPushedSuite } from "./state-manager-pushed-suite.ts";
import { stateManagerRecordsSuite } from "./state-manager-records-suite.ts";
import { stateManagerSuite } from "./state-manager-suite.ts";
import { stateManagerValuesSuite } from "./state-manager-values-suite.ts";

stateManagerSuite("json");
stateManagerValuesSuite("json");
stateManagerRecordsSuite("json");
stateManagerPushedSuite("json");
stateManagerPagingSuite("json");
stateManagerMemoriesSuite("json");
stateManagerProcessesSuite("json");
stateManagerFilesSuite("json");
