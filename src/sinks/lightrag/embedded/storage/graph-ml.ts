/**
 * GraphML as LightRAG writes it (contract §9.4): typed attributes declared as keys whose ids are not stable, so that they are
 * looked up by element and name.
 */

export type AttributeType = "string" | "long" | "int" | "double" | "float" | "boolean";
export type AttributeValue = string | number | boolean;
export type Attributes = Record<string, AttributeValue>;

export interface AttributeKey {
  for: "node" | "edge";
  name: string;
  type: AttributeType;
}

/** Receives the content of a file, in its order. */
export interface GraphMlSink {
  node(name: string, attributes: Attributes): void;
  edge(source: string, target: string, attributes: Attributes): void;
}

/** The types that LightRAG declares; any other attribute is declared by its value. */
const knownTypes: ReadonlyMap<string, AttributeType> = new Map([
  ["created_at", "long"],
  ["weight", "double"],
]);

export function attributeType(name: string, value: AttributeValue): AttributeType {
  const known = knownTypes.get(name);
  if (known !== undefined && typeof value === "number") return known;
  if (typeof value === "string") return "string";
  return typeof value === "boolean" ? "boolean" : "double";
}

export function parseAttribute(type: AttributeType, text: string): AttributeValue {
  if (type === "string") return text;
  if (type === "boolean") return ["true", "1"].includes(text.trim().toLowerCase());
  return Number(text);
}
