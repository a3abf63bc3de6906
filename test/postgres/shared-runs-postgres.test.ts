import { describe } from "vitest";
import { openPool } from "../../src/state/postgres/open-pool.ts";
import { sharedRunsSuite } from "../contract/shared-runs-suite.ts";

const server = process.env.TEST_POSTGRES_URL;

describe.skipIf(server === undefined)("a server of PostgreSQL", () => {
  sharedRunsSuite(() => openPool(server ?? "", null));
});
