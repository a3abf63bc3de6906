import * as z from "zod";
import { groupFileSourceOf } from "../../documents/file-source.ts";
import { isGroup } from "../../domain/ledger-row.ts";
import { connectorPartsErrors } from "../error-groups.ts";
import { operation } from "../operation.ts";
import type { TextOrigin } from "./document-text.ts";
import { findRow, memoryNameFields } from "./memory-rows.ts";

export const textOrigins = ["ledger", "lightrag", "source"] as const satisfies readonly TextOrigin[];

export const memoryDocument = operation({
  name: "memory.document",
  tag: "Knowledge",
  summary: "Show the document of a memory, as it went to LightRAG or will go",
  details:
    "The ledger keeps a memory until it is delivered. After that the text is as LightRAG stores it, where LightRAG tells it (direct mode), and is " +
    "otherwise made again from what the source lists now; `asSent` says whether it is still the same. No model and no geocoder is asked.",
  access: "viewer",
  input: z.strictObject({
    ...memoryNameFields,
    fromSource: z.boolean().default(true).describe("ask the source where nobody else has the text"),
  }),
  output: z.strictObject({
    connectorId: z.string(),
    contextId: z.string(),
    memoryId: z.string(),
    fileSource: z.string().describe("the document's name"),
    text: z.string().nullable(),
    ownText: z
      .string()
      .nullable()
      .describe("of a document that notes share: this one's own part, as it stands in the text"),
    origin: z.enum(textOrigins).nullable().describe("where the text is from"),
    asSent: z
      .boolean()
      .nullable()
      .describe("whether it has the fingerprint that the ledger knows; null where that cannot be told"),
    media: z
      .array(z.enum(["audio", "image"]))
      .nullable()
      .describe("what its source has besides the text; null where nobody says"),
    note: z.string().nullable().describe("why there is no text, or in what it differs"),
  }),
  errors: ["CONNECTOR_UNKNOWN", "MEMORY_UNKNOWN", ...connectorPartsErrors],
  run: async (context, { fromSource, ...name }) => {
    const { documentTextOf } = await import("./document-text.ts");
    const row = await findRow(context.services, name);
    const { connectorId, contextId, memoryId, groupKey } = row;
    const isShared = groupKey !== null && !isGroup(row);
    const { isAsSent, media, ...found } = await documentTextOf(context, row, { fromSource });
    return {
      ...{ connectorId, contextId, memoryId, ...found },
      fileSource: isShared ? groupFileSourceOf(contextId, groupKey) : row.fileSource,
      asSent: isAsSent,
      media: media && [...media],
    };
  },
});
