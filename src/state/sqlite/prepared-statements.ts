import type { DatabaseSync, StatementSync } from "node:sqlite";

/** The statement of a text. */
export type Prepare = (sql: string) => StatementSync;

/** Prepares each text once, for tables whose statements depend on what is asked. */
export function preparedStatements(database: DatabaseSync): Prepare {
  const prepared = new Map<string, StatementSync>();
  return (sql) => {
    const statement = prepared.get(sql) ?? database.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
}
