import { isDeepStrictEqual } from "node:util";
import type { StoresAccess } from "../stores-over-tables.ts";
import type { SqlClient } from "./sql-pool.ts";

/** The operations of a table that answers later. */
type Remote<Table> = {
  [Name in keyof Table]: Table[Name] extends (...given: infer Given) => infer Answer
    ? (client: SqlClient, ...given: Given) => Promise<Answer>
    : never;
};

/** The tables that units of work are played over: all but the ledger, whose units are large. */
export type PlayedTables = StoresAccess["tables"];
export type RemoteTables = { [Name in keyof PlayedTables]: Remote<PlayedTables[Name]> };

/** An operation that a unit has asked for. */
interface Asked {
  table: object;
  name: string;
  given: unknown[];
}

interface Answered extends Asked {
  answer: unknown;
}

/** Thrown out of a unit at the first operation that has no answer yet. */
class Unanswered {
  readonly asked: Asked;

  constructor(asked: Asked) {
    this.asked = asked;
  }
}

/**
 * Units of work are synchronous functions over synchronous tables, as the embedded backends run them. A database answers later. So a unit is played
 * up to its first operation without an answer; that one is carried out, and the unit is played again from its beginning with the answers so far,
 * until it comes to its end. What stores do with their tables is thus written once, for all backends. It costs nothing where a unit has one operation,
 * as nearly all have, and asks of a unit that it does the same whenever it gets the same answers: no clock, no random name, no catching of what a table throws. One that does not is a defect,
 * and ends with an error.
 */
export class PlayedUnits {
  /** For the units to work with. */
  readonly tables: PlayedTables;
  #answers: readonly Answered[] = [];
  #next = 0;

  constructor(remote: RemoteTables) {
    const played = Object.entries(remote).map(([name, table]) => [name, this.#playedTable(table)]);
    this.tables = Object.fromEntries(played) as PlayedTables;
  }

  /** Throws what the unit throws, and what its operations do. */
  async play<T>(client: SqlClient, unit: () => T): Promise<T> {
    const answers: Answered[] = [];
    for (;;) {
      const result = this.#attempt(unit, answers);
      if (!(result instanceof Unanswered)) return result;
      const { asked } = result;
      answers.push({ ...asked, answer: await Reflect.get(asked.table, asked.name)(client, ...asked.given) });
    }
  }

  #attempt<T>(unit: () => T, answers: readonly Answered[]): T | Unanswered {
    this.#answers = answers;
    this.#next = 0;
    try {
      return unit();
    } catch (thrown) {
      if (thrown instanceof Unanswered) return thrown;
      throw thrown;
    }
  }

  #playedTable(table: object): object {
    const operation = (name: string | symbol) => {
      return (...given: unknown[]) => this.#answerTo({ table, name: String(name), given });
    };
    return new Proxy(table, { get: (_, name) => operation(name) });
  }

  #answerTo(asked: Asked): unknown {
    const answered = this.#answers[this.#next++];
    if (answered === undefined) throw new Unanswered(asked);
    const { answer, ...before } = answered;
    if (!isDeepStrictEqual(before, asked)) throw new Error(`a unit of work asks for ${asked.name} this time`);
    return answer;
  }
}
