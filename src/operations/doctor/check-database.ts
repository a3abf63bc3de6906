import { plural, readableDuration } from "../../kernel/util/readable.ts";
import { type ServerFacts, type StatePlace, serverFactsOf } from "../../state/open-state.ts";
import { type Diagnosis, failure, fine, problem, warning } from "./diagnosis.ts";

const area = "database";

/** A service and a command beside it take so many. */
const wantedConnections = 12;

/** Due times are this machine's. A slower answer than this is no other clock. */
const largestSkewMs = 5_000;

/** Looks at the server that has the state; nothing where the state is a file. Changes nothing, and does not reject. */
export async function lookAtDatabase(place: StatePlace): Promise<Diagnosis[]> {
  try {
    return checkDatabase(await serverFactsOf(place));
  } catch (thrown) {
    return [failure(area, thrown)];
  }
}

/** What is to be said of the server that has the state; null where the state is a file. */
export function checkDatabase(facts: ServerFacts | null): Diagnosis[] {
  if (facts === null) return [];
  const { version, connections, isWritable, isDurable, isNotified, bloat, clockAheadMs } = facts;
  const found: Diagnosis[] = [];
  if (!isWritable)
    found.push(
      problem(
        area,
        `${version} does not let this user change the state`,
        "name the primary server in state.url, and let its user create a schema or own the one that is there",
      ),
    );
  if (connections.most - connections.used < wantedConnections)
    found.push(
      warning(
        area,
        `${connections.used} of ${plural(connections.most, "connection")} are in use, and each process takes up to 6`,
        "raise max_connections of the server, or put PgBouncer before it",
      ),
    );
  if (!isDurable)
    found.push(
      warning(
        area,
        "the server may forget what it has called saved (synchronous_commit or fsync is off)",
        "switch them on, at least for this database: ALTER DATABASE … SET synchronous_commit = on",
      ),
    );
  if (bloat !== null)
    found.push(
      warning(
        area,
        `the table ${bloat.table} has ${plural(bloat.live, "row")} and ${plural(bloat.dead, "dead one")} that the server has not cleared away`,
        "see that autovacuum is on and that no transaction stays open for hours; `VACUUM ANALYZE` clears them now",
      ),
    );
  if (!isNotified)
    found.push(
      warning(
        area,
        "notifications do not come through, so services look twice a second for what others have done",
        "let state.url lead to the server itself, or to PgBouncer in session mode; in transaction mode it passes none on",
      ),
    );
  if (Math.abs(clockAheadMs) > largestSkewMs)
    found.push(
      warning(
        area,
        `the clock of this machine is ${readableDuration(Math.abs(clockAheadMs))} ${clockAheadMs > 0 ? "ahead of" : "behind"} the server's`,
        "set both by a time service: due times are by the clock of whoever schedules",
      ),
    );
  if (found.length > 0) return found;
  return [fine(area, `${version}, ${connections.used} of ${plural(connections.most, "connection")} in use`)];
}
