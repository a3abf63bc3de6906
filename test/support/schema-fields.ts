import * as z from "zod";

type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Every field of a zod schema with its type, a line each: `name records[].counts.new integer`. A field that may be missing has a `?`.
 * `side` says whether the schema reads (`input`) or writes (`output`).
 */
export function fieldsOf(schema: z.ZodType, name: string, side: "input" | "output"): string[] {
  const root = z.toJSONSchema(schema, { io: side, unrepresentable: "any" }) as JsonSchema;
  const walk = new SchemaWalk(root);
  walk.visit(root, "");
  return walk.lines.map((line) => `${name} ${line}`);
}

class SchemaWalk {
  readonly lines: string[] = [];
  private readonly root: JsonSchema;
  /** What is being walked through: a schema may hold itself. */
  private readonly above = new Set<JsonSchema>();

  constructor(root: JsonSchema) {
    this.root = root;
  }

  visit(part: JsonSchema, path: string): void {
    const schema = this.resolve(part);
    if (this.above.has(schema)) return;
    this.above.add(schema);
    this.lines.push(`${path === "" ? "(whole)" : path} ${this.typeOf(schema)}`);
    this.inside(schema, path);
    this.above.delete(schema);
  }

  private inside(schema: JsonSchema, path: string): void {
    const { properties = {}, required = [], items, additionalProperties: others } = schema;
    for (const [key, field] of Object.entries(properties as Record<string, JsonSchema>)) {
      const optional = (required as string[]).includes(key) ? "" : "?";
      this.visit(field, `${path === "" ? "" : `${path}.`}${key}${optional}`);
    }
    if (isSchema(items)) this.visit(items, `${path}[]`);
    if (isSchema(others) && Object.keys(others).length > 0) this.visit(others, `${path}.*`);
    for (const form of this.formsOf(schema)) if (hasFields(form)) this.inside(form, path);
  }

  private typeOf(schema: JsonSchema): string {
    const { type, const: constant, enum: values } = schema;
    if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join("|");
    if (constant !== undefined) return JSON.stringify(constant);
    const forms = this.formsOf(schema);
    if (forms.length > 0) return [...new Set(forms.map((form) => this.typeOf(form)))].join("|");
    return type === undefined ? "any" : String(type);
  }

  private formsOf(schema: JsonSchema): JsonSchema[] {
    const { anyOf = [], oneOf = [], allOf = [] } = schema as Record<string, JsonSchema[]>;
    return [...anyOf, ...oneOf, ...allOf].map((form) => this.resolve(form));
  }

  private resolve(schema: JsonSchema): JsonSchema {
    const { $ref: reference } = schema;
    if (typeof reference !== "string") return schema;
    const steps = reference.split("/").slice(1);
    return steps.reduce<JsonSchema>((at, step) => at[step] as JsonSchema, this.root);
  }
}

const isSchema = (value: unknown): value is JsonSchema => typeof value === "object" && value !== null;
const hasFields = ({ properties, items }: JsonSchema): boolean =>
  properties !== undefined || items !== undefined;
