import { z } from "zod";
import { ConnectorError } from "../kernel/errors/connector-error.ts";

/** Encodes positions in a list as opaque cursors. */
export interface CursorCodec<Position> {
  encode(position: Position): string;
  /** Undefined without a cursor. Throws `STATE_CURSOR_INVALID` for a cursor of another list and for anything else. */
  decode(cursor: string | null | undefined): Position | undefined;
}

/** After a row in the order by key. */
export const keyCursor = cursorOf("key", z.object({ contextId: z.string(), memoryId: z.string() }));

const agePosition = z.object({ age: z.number(), contextId: z.string(), memoryId: z.string() });

/** After a row in the order by age, oldest first. */
export const ageCursor = cursorOf("oldest", agePosition);

/** After a row in the order by age, newest first. */
export const newestCursor = cursorOf("newest", agePosition);

/** After a row of a list over several connectors. */
export const connectorsCursor = cursorOf(
  "connectors",
  z.object({ connectorId: z.string(), after: z.string().nullable() }),
);

/** After a memory of a list over several connectors, newest first. */
export const memoriesCursor = cursorOf("memories", agePosition.extend({ connectorId: z.string() }));

/** Before a period of a timeline, newest first. */
export const timelineCursor = cursorOf("timeline", z.object({ before: z.number() }));

/** After an area of a list over several connectors, the one with the most memories first. */
export const placesCursor = cursorOf(
  "places",
  z.object({ count: z.number(), connectorId: z.string(), key: z.string() }),
);

/** After so many of each list of an entity. */
export const entityCursor = cursorOf("entity", z.object({ from: z.int().min(0) }));

/** After a run. */
export const runCursor = cursorOf("runs", z.object({ startedAt: z.number(), runId: z.string() }));

/** After an entry of the audit log, newest first. */
export const auditCursor = cursorOf("audit", z.object({ place: z.string() }));

function cursorOf<Position>(list: string, shape: z.ZodType<Position>): CursorCodec<Position> {
  const envelope = z.object({ list: z.literal(list), position: z.unknown() });
  return {
    encode: (position) => {
      const content = { list, position: shape.parse(position) };
      return Buffer.from(JSON.stringify(content)).toString("base64url");
    },
    decode: (cursor) => {
      if (cursor === null || cursor === undefined) return undefined;
      const position = shape.safeParse(envelope.safeParse(parseJson(cursor)).data?.position);
      if (position.success) return position.data;
      throw new ConnectorError("STATE_CURSOR_INVALID", "the cursor does not belong to this list", {
        subject: cursor.slice(0, 100),
      });
    },
  };
}

function parseJson(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}
