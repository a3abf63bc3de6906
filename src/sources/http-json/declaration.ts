/** The fields of a memory that a declaration names: paths in an item. */
export const mappedFields = [
  "id",
  "text",
  "created_at",
  "updated_at",
  "ended_at",
  "title",
  "type",
  "tags",
  "lat",
  "lon",
  "place",
  "place_name",
  "url",
  "language",
  "deleted",
] as const;
export type MappedField = (typeof mappedFields)[number];

/** Dotted paths in an item, by field. */
export type FieldPaths = { readonly [Field in MappedField]?: readonly string[] | undefined };

export const pagingStyles = ["none", "page", "offset", "cursor", "link"] as const;

/** How a server pages. Dotted paths lead to what an answer says beside its list. */
export interface PagingDeclaration {
  readonly style?: (typeof pagingStyles)[number] | undefined;
  readonly parameter?: string | undefined;
  readonly first?: number | undefined;
  readonly size_parameter?: string | undefined;
  readonly size?: number | undefined;
  readonly next?: string | undefined;
  readonly more?: string | undefined;
  readonly total?: string | undefined;
}

export interface AuthDeclaration {
  readonly in?: "header" | "query" | undefined;
  readonly name?: string | undefined;
  readonly scheme?: string | undefined;
}

/** Whose list it is: asked before each listing. */
export interface AccountDeclaration {
  readonly path: string;
  readonly field: string;
  /** Path in an item to the account that it belongs to; others' items are left out. */
  readonly owner?: string | undefined;
}

/** How times are written that a server is asked for. */
export const sinceFormats = ["iso", "epoch_s", "epoch_ms", "epoch_us", "epoch_ns"] as const;

/** A parameter that narrows the list to what is new. */
export interface SinceDeclaration {
  readonly parameter?: string | undefined;
  readonly by?: "event" | "updated" | undefined;
  readonly format?: (typeof sinceFormats)[number] | undefined;
  readonly reliable?: boolean | undefined;
}

/** What is said of a server's list, by a preset or by a person; anything may be left out. */
export interface HttpJsonDeclaration {
  readonly path?: string | undefined;
  readonly auth?: AuthDeclaration | undefined;
  readonly items?: string | undefined;
  readonly paging?: PagingDeclaration | undefined;
  readonly since?: SinceDeclaration | undefined;
  readonly fields?: FieldPaths | undefined;
  readonly time_format?: string | undefined;
  readonly text_format?: "plain" | "markdown" | "html" | undefined;
  readonly tag_separator?: string | undefined;
  readonly memory_type?: string | undefined;
  readonly skip?: readonly { readonly field: string; readonly begins: string }[] | undefined;
  readonly volatile?: readonly string[] | undefined;
  readonly deletes?: "diff" | "none" | undefined;
  readonly consistency?: "snapshot" | "keyset" | "drifting" | undefined;
  readonly capped_at?: number | undefined;
  readonly account?: AccountDeclaration | undefined;
}

const defaultFields: FieldPaths = {
  id: ["id"],
  text: ["text"],
  created_at: ["created_at"],
  updated_at: ["updated_at"],
  title: ["title"],
  type: ["type"],
  tags: ["tags"],
  lat: ["lat"],
  lon: ["lon"],
};

const defaults = {
  path: "",
  items: ".",
  time_format: "auto",
  text_format: null,
  tag_separator: ",",
  memory_type: "note",
  skip: [],
  volatile: [],
  deletes: "diff",
  capped_at: null,
  account: null,
} as const;

/** A declaration in which everything is said: its own words, then the preset's, then the defaults. */
export function completeDeclaration(own: HttpJsonDeclaration, preset: HttpJsonDeclaration = {}) {
  const said = { ...defaults, ...without(preset), ...without(own) };
  const paging = completePaging(merged(preset.paging, own.paging));
  const ownConsistency = paging.style === "none" ? "snapshot" : "drifting";
  return {
    path: said.path,
    auth: { in: "header" as const, ...merged(preset.auth, own.auth) },
    items: said.items,
    paging,
    since: completeSince(merged(preset.since, own.since)),
    fields: { ...defaultFields, ...merged(preset.fields, own.fields) },
    timeFormat: said.time_format,
    textFormat: said.text_format,
    tagSeparator: said.tag_separator,
    memoryType: said.memory_type,
    skip: said.skip,
    volatile: said.volatile,
    deletes: said.deletes,
    consistency: said.consistency ?? (ownConsistency as "snapshot" | "drifting"),
    cappedAt: said.capped_at,
    account: said.account,
  };
}

/** Null where the server has no such parameter. */
function completeSince({
  parameter,
  by = "event",
  format = "iso",
  reliable = by === "updated",
}: SinceDeclaration) {
  return parameter === undefined ? null : { parameter, by, format, isReliable: reliable };
}

function completePaging({ style = "none", ...paging }: PagingDeclaration) {
  const { first = style === "page" ? 1 : 0, size = 100, next = "next", more = null, total = null } = paging;
  const { parameter = style, size_parameter: sizeParameter = null } = paging;
  return { style, parameter, first, sizeParameter, size, next, more, total };
}

export type CompleteDeclaration = ReturnType<typeof completeDeclaration>;

type Said<Block> = { [Key in keyof Block]: Exclude<Block[Key], undefined> };

function merged<Block extends object>(
  preset: Block | undefined,
  own: Block | undefined,
): Partial<Said<Block>> {
  return { ...without(preset ?? ({} as Block)), ...without(own ?? ({} as Block)) };
}

/** Without the keys that say nothing. */
function without<Block extends object>(block: Block): Partial<Said<Block>> {
  return Object.fromEntries(Object.entries(block).filter(([, value]) => value !== undefined)) as Partial<
    Said<Block>
  >;
}
