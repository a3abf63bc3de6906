import { stateManagerPagingSuite } from "./state-manager-paging-suite.ts";
import { stateManagerSuite } from "./state-manager-suite.ts";

stateManagerSuite("json");
stateManagerPagingSuite("json");
