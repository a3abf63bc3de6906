const eachOf = (row: "new" | "old") => `json_each(${row}.facet_keys)`;
const isNamed = (row: "new" | "old") =>
  `facet.connector_id = ${row}.connector_id AND facet.kind = value ->> 0 AND facet.key = value ->> 1`;
/** The join is executed in the order of the text: few keys, each looked up. */
const facetsOf = (row: "new" | "old") => `${eachOf(row)} CROSS JOIN facet ON ${isNamed(row)}`;

const addFacets = `INSERT INTO facet (connector_id, kind, key, name, rows)
      SELECT new.connector_id, value ->> 0, value ->> 1, value ->> 2, 1 FROM ${eachOf("new")} WHERE true
      ON CONFLICT DO UPDATE SET rows = rows + 1;
    INSERT INTO memory_facet SELECT facet.id, new.age, new.id FROM ${facetsOf("new")}`;
const idsOfOld = `SELECT facet.id FROM ${facetsOf("old")}`;
const takeFacets = `UPDATE facet SET rows = rows - 1 WHERE id IN (${idsOfOld});
    DELETE FROM memory_facet WHERE facet_id IN (${idsOfOld}) AND age = old.age AND row_id = old.id;
    DELETE FROM facet WHERE id IN (${idsOfOld}) AND rows = 0`;

/**
 * A facet is a row with a number of SQLite's: a new memory asks for no largest id. That question, once for each facet, was a third of what
 * the index of facets cost a delivery.
 */
export const facetStep = `
  DROP TRIGGER ledger_facets_insert;
  DROP TRIGGER ledger_facets_change;
  DROP TRIGGER ledger_facets_delete;
  CREATE TABLE numbered_facet (
    id INTEGER PRIMARY KEY,
    connector_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    name TEXT NOT NULL,
    rows INTEGER NOT NULL,
    UNIQUE (connector_id, kind, key)
  ) STRICT;
  INSERT INTO numbered_facet SELECT id, connector_id, kind, key, name, rows FROM facet;
  DROP TABLE facet;
  ALTER TABLE numbered_facet RENAME TO facet;
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
`;

/** What stands before the corner in the key of an area. */
export const sizeOfArea = "substr(key, 1, instr(key, ':') - 1)";

/** The areas with the most memories are found without a look at the others: a million memories lie in some 200,000 of the smallest. */
export const busiestAreasStep = `
  CREATE INDEX facet_busiest_areas ON facet (connector_id, ${sizeOfArea}, rows DESC, key) WHERE kind = 'area';
`;
