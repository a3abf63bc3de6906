import Mustache from "mustache";
import type { Memory } from "../../domain/memory.ts";
import { noTranscript } from "../content.ts";
import { storableText } from "../storable-text.ts";
import type { TransformationStrategy } from "../transformation-strategy.ts";
import { checkTemplate } from "./template-check.ts";
import { templateView } from "./template-view.ts";

/** Values go into a plain text, where `<` is `<`. */
const plainText = { escape: (value: unknown) => String(value) };

/** Writes memories down by a Mustache template of the user. */
export class TemplateTransformationStrategy implements TransformationStrategy {
  readonly name = "template";
  readonly #template: string;
  readonly #writer = new Mustache.Writer();

  /** Throws `TEMPLATE_INVALID`. */
  constructor(template: string) {
    checkTemplate(template);
    this.#template = template;
  }

  transform(memory: Memory): string {
    const text = this.#writer.render(this.#template, templateView(memory), undefined, plainText);
    return storableText(text).trim() || noTranscript;
  }
}
