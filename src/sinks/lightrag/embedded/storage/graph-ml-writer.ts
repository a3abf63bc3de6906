import { type AttributeKey, type Attributes, attributeType } from "./graph-ml.ts";

export interface WrittenNode {
  name: string;
  attributes: Attributes;
}

export interface WrittenEdge {
  source: string;
  target: string;
  attributes: Attributes;
}

/** A graph that can be traversed twice: once for its attribute names, once for its content. */
export interface WrittenGraph {
  nodes(): Iterable<WrittenNode>;
  edges(): Iterable<WrittenEdge>;
}

const opening =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ' +
  'xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n';

/** Receives text in pieces. */
export interface TextSink {
  write(text: string): Promise<void>;
}

/** Writes a graph as GraphML. */
export async function writeGraphMl(graph: WrittenGraph, out: TextSink): Promise<void> {
  const keys = declareKeys(graph);
  await out.write(opening);
  for (const [key, id] of keys.all()) {
    await out.write(
      `<key id="${id}" for="${key.for}" attr.name="${escapeXml(key.name)}" attr.type="${key.type}"/>\n`,
    );
  }
  await out.write('<graph edgedefault="undirected">\n');
  for (const { name, attributes } of graph.nodes()) {
    const data = dataElements(attributes, (attribute) => keys.id("node", attribute));
    await out.write(`<node id="${escapeXml(name)}">\n${data}</node>\n`);
  }
  for (const { source, target, attributes } of graph.edges()) {
    const data = dataElements(attributes, (attribute) => keys.id("edge", attribute));
    await out.write(`<edge source="${escapeXml(source)}" target="${escapeXml(target)}">\n${data}</edge>\n`);
  }
  await out.write("</graph>\n</graphml>\n");
}

/** The attribute names in use, each with the id under which the file declares it. */
class Keys {
  readonly #ids = new Map<string, string>();
  readonly #keys: AttributeKey[] = [];

  add(key: AttributeKey): void {
    const name = `${key.for}:${key.name}`;
    if (this.#ids.has(name)) return;
    this.#ids.set(name, `d${this.#keys.length}`);
    this.#keys.push(key);
  }

  id(element: "node" | "edge", attribute: string): string {
    return this.#ids.get(`${element}:${attribute}`) ?? "";
  }

  all(): [AttributeKey, string][] {
    return this.#keys.map((key) => [key, this.id(key.for, key.name)]);
  }
}

function declareKeys(graph: WrittenGraph): Keys {
  const keys = new Keys();
  const declare = (element: "node" | "edge", attributes: Attributes) => {
    for (const [name, value] of Object.entries(attributes)) {
      keys.add({ for: element, name, type: attributeType(name, value) });
    }
  };
  for (const { attributes } of graph.nodes()) declare("node", attributes);
  for (const { attributes } of graph.edges()) declare("edge", attributes);
  return keys;
}

function dataElements(attributes: Attributes, id: (attribute: string) => string): string {
  let text = "";
  for (const [name, value] of Object.entries(attributes)) {
    text += `  <data key="${id(name)}">${escapeXml(String(value))}</data>\n`;
  }
  return text;
}

const escapes: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  // A parser turns these into spaces inside an attribute, and a bare carriage return into a line feed everywhere.
  ["\t", "&#9;"],
  ["\n", "&#10;"],
  ["\r", "&#13;"],
]);

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML 1.0 cannot hold
const unwritable = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/** Characters that XML cannot represent are dropped: a single one would make the whole graph unreadable. */
function escapeXml(text: string): string {
  return text.replace(unwritable, "").replace(/[&<>"\t\n\r]/g, (character) => escapes.get(character) ?? "");
}
