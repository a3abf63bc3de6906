import type { DatabaseSync } from "node:sqlite";
import { areasOf } from "../../domain/areas.ts";
import { timeUnitMs } from "../memory-query.ts";

/** Whole time units since the epoch, also before it. */
const unit = (row: "new" | "old") => {
  const time = `${row}.memory_created_at`;
  return `((${time} - (((${time} % ${timeUnitMs}) + ${timeUnitMs}) % ${timeUnitMs})) / ${timeUnitMs})`;
};
/** Documents of groups are not memories. */
export const counts = (row: "new" | "old") =>
  `${row}.memory_created_at IS NOT NULL AND ${row}.group_key IS NOT ${row}.memory_id`;
const addOne = `INSERT INTO memory_count SELECT new.connector_id, ${unit("new")}, new.context_id, new.status, 1
    WHERE ${counts("new")} ON CONFLICT DO UPDATE SET rows = rows + 1`;
const ofOld = `connector_id = old.connector_id AND unit = ${unit("old")} AND context_id = old.context_id
    AND status = old.status AND ${counts("old")}`;
const takeOne = `UPDATE memory_count SET rows = rows - 1 WHERE ${ofOld}`;
const removeEmpty = `DELETE FROM memory_count WHERE ${ofOld} AND rows = 0`;
const moves = `AFTER UPDATE OF status, memory_created_at, group_key ON ledger
    WHEN old.status <> new.status OR old.memory_created_at IS NOT new.memory_created_at
      OR old.group_key IS NOT new.group_key`;

const keysOf = (row: "new" | "old") => `json_each(${row}.facet_keys)`;
const isNamed = (row: "new" | "old") =>
  `facet.connector_id = ${row}.connector_id AND facet.kind = value ->> 0 AND facet.key = value ->> 1`;
/** The join is executed in the order of the text: few keys, each looked up. */
const idsOf = (row: "new" | "old") =>
  `SELECT facet.id FROM ${keysOf(row)} CROSS JOIN facet ON ${isNamed(row)}`;
const addFacets = `INSERT INTO facet (connector_id, kind, key, name, rows, id)
      SELECT new.connector_id, value ->> 0, value ->> 1, value ->> 2, 1,
        (SELECT coalesce(max(id), 0) + 1 FROM facet) + each.key FROM ${keysOf("new")} AS each WHERE true
      ON CONFLICT DO UPDATE SET rows = rows + 1;
    INSERT INTO memory_facet SELECT facet.id, new.age, new.id FROM ${keysOf("new")} CROSS JOIN facet ON ${isNamed("new")}`;
const takeFacets = `UPDATE facet SET rows = rows - 1 WHERE id IN (${idsOf("old")});
    DELETE FROM memory_facet WHERE facet_id IN (${idsOf("old")}) AND age = old.age AND row_id = old.id;
    DELETE FROM facet WHERE id IN (${idsOf("old")}) AND rows = 0`;

/**
 * The index by which memories are found and counted. Triggers derive all of it from the ledger, so that no change of a row can miss
 * it: `facet` has each tag, person, name of a place and area with the number of its memories, `memory_facet` maps it to them by
 * time; `memory_count` has the number of memories of each status per quarter of an hour. Words are searched by trigrams of the
 * folded text. Nothing of a removed row remains in any of them. (The counts are replaced by `memoryDayStep`, the triggers of facets by `facetStep`.)
 */
export const memoryIndexStep = `
  ALTER TABLE ledger ADD COLUMN facets TEXT;
  ALTER TABLE ledger ADD COLUMN facet_keys TEXT;

  CREATE TABLE facet (
    connector_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    rows INTEGER NOT NULL,
    id INTEGER NOT NULL UNIQUE,
    PRIMARY KEY (connector_id, kind, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE memory_facet (
    facet_id INTEGER NOT NULL,
    age INTEGER NOT NULL,
    row_id INTEGER NOT NULL,
    PRIMARY KEY (facet_id, age, row_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TRIGGER ledger_facets_insert AFTER INSERT ON ledger WHEN new.facet_keys IS NOT NULL BEGIN
    ${addFacets};
  END;
  CREATE TRIGGER ledger_facets_change AFTER UPDATE OF facet_keys, memory_created_at ON ledger
    WHEN old.facet_keys IS NOT new.facet_keys OR old.memory_created_at IS NOT new.memory_created_at BEGIN
    ${takeFacets};
    ${addFacets};
  END;
  CREATE TRIGGER ledger_facets_delete AFTER DELETE ON ledger WHEN old.facet_keys IS NOT NULL BEGIN
    ${takeFacets};
  END;

  CREATE TABLE memory_count (
    connector_id TEXT NOT NULL,
    unit INTEGER NOT NULL,
    context_id TEXT NOT NULL,
    status TEXT NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (connector_id, unit, context_id, status)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO memory_count SELECT connector_id, ${unit("new")}, context_id, status, count(*) FROM ledger AS new
    WHERE ${counts("new")} GROUP BY 1, 2, 3, 4;
  CREATE TRIGGER memory_count_insert AFTER INSERT ON ledger BEGIN
    ${addOne};
  END;
  CREATE TRIGGER memory_count_delete AFTER DELETE ON ledger BEGIN
    ${takeOne};
    ${removeEmpty};
  END;
  CREATE TRIGGER memory_count_move ${moves} BEGIN
    ${takeOne};
    ${removeEmpty};
    ${addOne};
  END;

  CREATE TABLE kept_text (
    row_id INTEGER PRIMARY KEY REFERENCES ledger (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    folded TEXT NOT NULL
  ) STRICT;
  CREATE INDEX kept_text_by_length ON kept_text (length(text));
  CREATE VIRTUAL TABLE kept_word USING fts5(folded, content = 'kept_text', content_rowid = 'row_id',
    tokenize = 'trigram case_sensitive 1', detail = 'full');
  INSERT INTO kept_word (kept_word, rank) VALUES ('secure-delete', 1);
  CREATE TRIGGER kept_text_insert AFTER INSERT ON kept_text BEGIN
    INSERT INTO kept_word (rowid, folded) VALUES (new.row_id, new.folded);
  END;
  CREATE TRIGGER kept_text_delete AFTER DELETE ON kept_text BEGIN
    INSERT INTO kept_word (kept_word, rowid, folded) VALUES ('delete', old.row_id, old.folded);
  END;
  CREATE TRIGGER kept_text_change AFTER UPDATE ON kept_text BEGIN
    INSERT INTO kept_word (kept_word, rowid, folded) VALUES ('delete', old.row_id, old.folded);
    INSERT INTO kept_word (rowid, folded) VALUES (new.row_id, new.folded);
  END;

  UPDATE ledger SET facet_keys = area_facets(latitude, longitude) WHERE latitude IS NOT NULL AND longitude IS NOT NULL
    AND group_key IS NOT memory_id AND (status <> 'deleted' OR document_id IS NOT NULL);
`;

/** Time units of a day of UTC. */
const unitsOfDay = 86_400_000 / timeUnitMs;

/** Whole days since the epoch, also before it. */
const dayOf = (row: "new" | "old" | "memory_count") =>
  `((${row}.unit - (((${row}.unit % ${unitsOfDay}) + ${unitsOfDay}) % ${unitsOfDay})) / ${unitsOfDay})`;
const itsDay = (row: "new" | "old") => `connector_id = ${row}.connector_id AND day = ${dayOf(row)}
    AND context_id = ${row}.context_id AND status = ${row}.status`;

/**
 * The counts of quarters of an hour, summed by day of UTC: a month of any time zone is some thirty of them and a few quarters at its ends. A
 * count that has become 0 goes by itself, so that a change of status looks for it once.
 */
export const dayCountStep = `
  CREATE TABLE day_count (
    connector_id TEXT NOT NULL,
    day INTEGER NOT NULL,
    context_id TEXT NOT NULL,
    status TEXT NOT NULL,
    rows INTEGER NOT NULL,
    PRIMARY KEY (connector_id, day, context_id, status)
  ) STRICT, WITHOUT ROWID;
  INSERT INTO day_count SELECT connector_id, ${dayOf("memory_count")}, context_id, status, sum(rows) FROM memory_count GROUP BY 1, 2, 3, 4;
  CREATE TRIGGER day_count_insert AFTER INSERT ON memory_count BEGIN
    INSERT INTO day_count VALUES (new.connector_id, ${dayOf("new")}, new.context_id, new.status, new.rows)
      ON CONFLICT DO UPDATE SET rows = rows + excluded.rows;
  END;
  CREATE TRIGGER day_count_change AFTER UPDATE OF rows ON memory_count BEGIN
    UPDATE day_count SET rows = rows + new.rows - old.rows WHERE ${itsDay("new")};
    DELETE FROM memory_count WHERE new.rows = 0 AND connector_id = new.connector_id AND unit = new.unit
      AND context_id = new.context_id AND status = new.status;
  END;
  CREATE TRIGGER day_count_delete AFTER DELETE ON memory_count BEGIN
    DELETE FROM day_count WHERE ${itsDay("old")} AND rows = 0;
  END;

  DROP TRIGGER memory_count_delete;
  CREATE TRIGGER memory_count_delete AFTER DELETE ON ledger BEGIN
    ${takeOne};
  END;
  DROP TRIGGER memory_count_move;
  CREATE TRIGGER memory_count_move ${moves} BEGIN
    ${takeOne};
    ${addOne};
  END;
`;

/** Lets the step find the areas of the rows that are there. */
export function addAreaFunction(database: DatabaseSync): void {
  database.function("area_facets", { deterministic: true }, (lat, lon) =>
    JSON.stringify(areasOf({ lat: Number(lat), lon: Number(lon) }).map((key) => ["area", key, key])),
  );
}
