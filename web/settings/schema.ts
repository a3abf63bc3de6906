/** As much of JSON Schema as the settings' schema uses. */
export interface Schema {
  type?: string;
  description?: string;
  default?: unknown;
  examples?: readonly unknown[];
  enum?: readonly string[];
  const?: unknown;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  minimum?: number;
  maximum?: number;
}

/** How a setting is asked for. What no field fits is written as JSON. */
export type FieldKind = "group" | "choice" | "switch" | "number" | "text" | "lines" | "json";

export function kindOf(schema: Schema): FieldKind {
  if (schema.type === "object" && schema.properties !== undefined) return "group";
  if (schema.enum !== undefined) return "choice";
  if (schema.type === "boolean") return "switch";
  if (schema.type === "integer" || schema.type === "number") return "number";
  if (schema.type === "array" && isText(schema.items)) return "lines";
  return isText(schema) ? "text" : "json";
}

/** A text, or what may be written as one, such as a number or a duration. */
function isText(schema: Schema | undefined): boolean {
  if (schema === undefined) return false;
  if (schema.anyOf !== undefined) return schema.anyOf.every((each) => isText(each) || isNumber(each));
  return schema.type === "string";
}

const isNumber = ({ type, anyOf }: Schema): boolean =>
  type === "number" || type === "integer" || (anyOf?.some(isNumber) ?? false);

/** What was typed into a field, as the setting's value; undefined leaves it out. Throws `SyntaxError` for broken JSON. */
export function typedValue(schema: Schema, typed: string): unknown {
  if (typed.trim() === "") return undefined;
  switch (kindOf(schema)) {
    case "number":
      return numberOr(typed);
    case "lines":
      return typed
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");
    case "json":
      return JSON.parse(typed);
    default:
      return isNumber(schema) ? numberOr(typed) : typed;
  }
}

/** A text that is no number is sent as it is: the service says what is wrong with it. */
function numberOr(typed: string): number | string {
  return Number.isFinite(Number(typed)) ? Number(typed) : typed;
}

/** A setting's value as it stands in its field. */
export function textOf(schema: Schema, value: unknown): string {
  if (value === undefined || value === null) return "";
  const kind = kindOf(schema);
  if (kind === "lines" && Array.isArray(value)) return value.join("\n");
  return kind === "json" || typeof value === "object" ? JSON.stringify(value, null, 2) : String(value);
}
