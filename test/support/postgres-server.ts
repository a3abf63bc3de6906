import { postgresPrograms, startPostgres } from "./postgres-cluster.ts";

/** One server for all files of the project; how to reach it is in the environment, from which its processes have it, too. */
export default async function setUp(): Promise<(() => void) | undefined> {
  const programs = postgresPrograms();
  if (programs === null) {
    console.log("no PostgreSQL here, its tests are skipped: apt-get install postgresql");
    return undefined;
  }
  const cluster = await startPostgres(programs);
  process.env.TEST_POSTGRES_URL = cluster.url;
  return () => cluster.remove();
}
