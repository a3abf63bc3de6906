import { forgettingSuite } from "./state-manager-records-suite.ts";

forgettingSuite("json");
forgettingSuite("sqlite");
