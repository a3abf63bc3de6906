import Mustache, { type TemplateSpans } from "mustache";
import { ConnectorError } from "../../kernel/errors/connector-error.ts";
import { type TemplateVariable, templateVariables } from "./template-variables.ts";

/** Together these bound the output of a template: it loops only over short lists, and repeats a text only a few times. */
const maxLength = 20_000;
const maxUses = 5;
const maxDepth = 10;

export interface TemplateProblem {
  /** From 1. */
  line: number;
  what: string;
}

type Span = TemplateSpans[number];

/** The sections around a position in a template. */
interface Surroundings {
  depth: number;
  inList: boolean;
}

const variables: ReadonlyMap<string, TemplateVariable> = new Map(Object.entries(templateVariables));

/**
 * All problems of a Mustache template. Without any, rendering cannot fail, cannot run code, accesses only the variables, and
 * terminates: there are no partials, no functions, no dotted names, and sections over lists may hold only text and `{{.}}`.
 */
export function templateProblems(template: string): TemplateProblem[] {
  return template.length > maxLength ? [tooLong(template)] : findProblems(template);
}

/** Whether a valid template shows what a memory says. Without it all memories of a day, or of a title, would be the same document. */
export function showsText(template: string): boolean {
  const parsed = parse(template);
  return "offset" in parsed || Array.from(shownNames(parsed.spans)).some((name) => texts.has(name));
}

/** The variables that hold words of the memory. */
const texts = new Set(["content", "transcript"]);

/** What is put in, and not only asked for by a section. */
function* shownNames(spans: TemplateSpans): Generator<string> {
  for (const span of spans) {
    if (span[0] === "name" || span[0] === "&") yield span[1];
    // In the section of a text `{{.}}` is the text.
    else if (span[0] === "#" && inner(span).some(([, name]) => name === ".")) yield span[1];
    yield* shownNames(inner(span));
  }
}

/** Throws `TEMPLATE_INVALID` with all problems of a template. */
export function checkTemplate(template: string): void {
  const problems = templateProblems(template);
  if (problems.length === 0) return;
  const list = problems.map(({ line, what }) => `line ${line}: ${what}`).join("; ");
  throw new ConnectorError("TEMPLATE_INVALID", `the template cannot be used: ${list}`, {
    subject: "template",
  });
}

function tooLong(template: string): TemplateProblem {
  return { line: 1, what: `it has ${template.length} characters, and at most ${maxLength} are allowed` };
}

function findProblems(template: string): TemplateProblem[] {
  const lineAt = (offset: number) => template.slice(0, offset).split("\n").length;
  const parsed = parse(template);
  if ("offset" in parsed) return [{ line: lineAt(parsed.offset), what: parsed.what }];
  const found = Array.from(walk(parsed.spans, { depth: 0, inList: false }));
  const problems = found.map(({ span, what }) => ({ line: lineAt(span[2]), what }));
  return [...problems, ...overused(parsed.spans)];
}

function parse(template: string): { spans: TemplateSpans } | { offset: number; what: string } {
  try {
    return { spans: new Mustache.Writer().parse(template) as TemplateSpans };
  } catch (error) {
    const [, what = "it is no Mustache template", offset = "0"] =
      /^(.*) at (\d+)$/u.exec((error as Error).message) ?? [];
    return { offset: Number(offset), what: what.charAt(0).toLowerCase() + what.slice(1) };
  }
}

function* walk(spans: TemplateSpans, around: Surroundings): Generator<{ span: Span; what: string }> {
  for (const span of spans) {
    const what = problemOf(span, around);
    if (what !== null) yield { span, what };
    else yield* walk(inner(span), within(span, around));
  }
}

function problemOf([type, name]: Span, { depth, inList }: Surroundings): string | null {
  switch (type) {
    case "name":
    case "&":
      if (name === ".") return depth > 0 ? null : "{{.}} has a meaning only in a section";
      if (inList) return `only {{.}} may be used in a section over a list, not {{${name}}}`;
      return unknown(name);
    case "#":
    case "^":
      if (inList) return "a section over a list may hold no other section";
      return depth >= maxDepth ? `sections lie more than ${maxDepth} deep` : unknown(name);
    case ">":
      return `there are no partials: {{>${name}}}`;
    default:
      return null;
  }
}

function unknown(name: string): string | null {
  return variables.has(name) ? null : `there is no variable "${name}"`;
}

function inner(span: Span): TemplateSpans {
  const [, , , , below] = span;
  return Array.isArray(below) ? below : [];
}

function within([type, name]: Span, { depth, inList }: Surroundings): Surroundings {
  return { depth: depth + 1, inList: inList || (type === "#" && variables.get(name)?.kind === "list") };
}

function overused(spans: TemplateSpans): TemplateProblem[] {
  const names = Array.from(usedNames(spans));
  const counts = Map.groupBy(names, (name) => name);
  return Array.from(counts)
    .filter(([, uses]) => uses.length > maxUses)
    .map(([name]) => ({ line: 1, what: `"${name}" is used more than ${maxUses} times` }));
}

function* usedNames(spans: TemplateSpans): Generator<string> {
  for (const span of spans) {
    if (span[0] !== "text" && span[1] !== ".") yield span[1];
    yield* usedNames(inner(span));
  }
}
