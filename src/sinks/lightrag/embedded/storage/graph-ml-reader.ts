import { createReadStream } from "node:fs";
import sax, { type QualifiedTag, type SAXParser, type Tag } from "sax";
import { extendImage, type FileImage, noFile } from "./file-image.ts";
import { type AttributeKey, type Attributes, type GraphMlSink, parseAttribute } from "./graph-ml.ts";

interface OpenElement {
  /** A node has one name, an edge has two. */
  ends: string[];
  attributes: Attributes;
}

/** Reads a GraphML file as a stream. Throws `SyntaxError` when it is not well-formed. Resolves to its image. */
export async function readGraphMl(path: string, sink: GraphMlSink): Promise<FileImage> {
  const reader = new GraphMlReader(sink);
  let image = noFile;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const piece of createReadStream(path)) {
    image = extendImage(image, piece);
    reader.write(decoder.decode(piece, { stream: true }));
  }
  reader.write(decoder.decode());
  reader.end();
  return image;
}

class GraphMlReader {
  readonly #parser: SAXParser;
  readonly #keys = new Map<string, AttributeKey>();
  readonly #sink: GraphMlSink;
  #element: OpenElement | undefined;
  #dataKey: AttributeKey | undefined;
  #text = "";
  #complete = false;

  constructor(sink: GraphMlSink) {
    this.#sink = sink;
    this.#parser = sax.parser(true);
    this.#parser.onopentag = (tag) => this.#open(tag);
    this.#parser.onclosetag = (name) => this.#close(name);
    this.#parser.ontext = (text) => this.#addText(text);
    this.#parser.oncdata = (text) => this.#addText(text);
    this.#parser.onerror = (error) => {
      throw new SyntaxError(error.message.replaceAll("\n", ", "));
    };
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  end(): void {
    this.#parser.close();
    if (!this.#complete) throw new SyntaxError("the graph does not end");
  }

  #open(tag: Tag | QualifiedTag): void {
    const attribute = (name: string) => String(tag.attributes[name] ?? "");
    if (tag.name === "key") this.#declare(attribute);
    else if (tag.name === "node") this.#element = { ends: [attribute("id")], attributes: noAttributes() };
    else if (tag.name === "edge") {
      this.#element = { ends: [attribute("source"), attribute("target")], attributes: noAttributes() };
    } else if (tag.name === "data") {
      this.#dataKey = this.#keys.get(attribute("key"));
      this.#text = "";
    }
  }

  #declare(attribute: (name: string) => string): void {
    const key = { for: attribute("for"), name: attribute("attr.name"), type: attribute("attr.type") };
    this.#keys.set(attribute("id"), key as AttributeKey);
  }

  #addText(text: string): void {
    if (this.#dataKey !== undefined) this.#text += text;
  }

  #close(name: string): void {
    if (name === "data") this.#closeData();
    else if (name === "node" || name === "edge") this.#closeElement();
    else if (name === "graphml") this.#complete = true;
  }

  #closeData(): void {
    const key = this.#dataKey;
    if (key !== undefined && this.#element !== undefined) {
      this.#element.attributes[key.name] = parseAttribute(key.type, this.#text);
    }
    this.#dataKey = undefined;
  }

  #closeElement(): void {
    const { ends, attributes } = this.#element ?? { ends: [], attributes: {} };
    const [first, second] = ends;
    this.#element = undefined;
    if (first === undefined) return;
    if (second === undefined) this.#sink.node(first, attributes);
    else this.#sink.edge(first, second, attributes);
  }
}

/** Without a prototype: the names of attributes come from the file. */
function noAttributes(): Attributes {
  return Object.create(null);
}
