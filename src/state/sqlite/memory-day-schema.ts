import { counts } from "./memory-index-schema.ts";

/** Milliseconds. */
export const dayMs = 86_400_000;
/** Whole days of UTC since the epoch, also before it. */
const dayOf = (row: "new" | "old") => {
  const time = `${row}.memory_created_at`;
  return `((${time} - (((${time} % ${dayMs}) + ${dayMs}) % ${dayMs})) / ${dayMs})`;
};
const addToDay = `INSERT INTO memory_day SELECT new.connector_id, ${dayOf("new")}, new.context_id, 1
    WHERE ${counts("new")} ON CONFLICT DO UPDATE SET rows = rows + 1`;
const itsDay = `connector_id = old.connector_id AND day = ${dayOf("old")} AND context_id = old.context_id
    AND ${counts("old")}`;
const takeFromDay = `UPDATE memory_day SET rows = rows - 1 WHERE ${itsDay};
    DELETE FROM memory_day WHERE ${itsDay} AND rows = 0`;

/**
 * A change of status changes no count by time: memories are counted in the index of the ledger by status and time, from which the few
 * documents of groups are taken off. What is kept is how many memories a context has on each day, whatever their status.
 */
export const memoryDayStep = `
  DROP TRIGGER memory_count_insert;
  DROP TRIGGER memory_count_delete;
  DROP TRIGGER memory_count_move;
  DROP TABLE memory_count;
  DROP TABLE day_count;

  CREATE INDEX ledger_groups_by_age ON ledger (connector_id, status, age, context_id) WHERE group_key = memory_id;
  CREATE TABLE memory_day (
    connector_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    context_id TEXT NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (connector_id, day, context_id)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO memory_day SELECT connector_id, ${dayOf("new")}, context_id, count(*) FROM ledger AS new
    WHERE ${counts("new")} GROUP BY 1, 2, 3;
  CREATE TRIGGER memory_day_insert AFTER INSERT ON ledger BEGIN
    ${addToDay};
  END;
  CREATE TRIGGER memory_day_delete AFTER DELETE ON ledger BEGIN
    ${takeFromDay};
  END;
  CREATE TRIGGER memory_day_change AFTER UPDATE OF memory_created_at, group_key ON ledger
    WHEN old.memory_created_at IS NOT new.memory_created_at OR old.group_key IS NOT new.group_key BEGIN
    ${takeFromDay};
    ${addToDay};
  END;
`;
