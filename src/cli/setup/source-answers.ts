import { homedir } from "node:os";
import { isAbsolute, relative, resolve } from "node:path";
import * as z from "zod";
import { reasonOf } from "../../config/validate.ts";
import { coreOf, defaultOf, isRequired, metadataOf } from "../../kernel/settings/walk.ts";
import type { FirstQuestion, SourceKind } from "../../sources/source-kind.ts";
import { sourceKinds, sourceSettings } from "../../sources/source-settings.ts";

/** What a person has said of a source. */
export interface SourceAnswers {
  kind: SourceKind;
  /** By setting, as they were typed; what was left out is missing. */
  answers: ReadonlyMap<string, string>;
}

/** The kind of a name, or of its number in the order in which they are offered, from 1. */
export function kindCalled(said: string): SourceKind | undefined {
  return sourceKinds.find(({ type }, index) => type === said.toLowerCase() || `${index + 1}` === said);
}

/** What an answer to a question may be. */
export interface Expected {
  /** What counts when nothing is typed, unless something else was offered; undefined: nothing. */
  standard: string | undefined;
  isNeeded: boolean;
  isSecret: boolean;
  /** The words to choose from; null where any text will do. */
  choices: readonly string[] | null;
  /** Why an answer cannot be taken, for people; null when it can. */
  problemOf(answer: string): string | null;
}

export function expectedOf(kind: SourceKind, question: FirstQuestion): Expected {
  const schema = schemaOf(kind, question.setting);
  const facts = metadataOf(schema);
  const isSecret = facts?.secret === true;
  const isNeeded = isRequired(schema) || question.toValue !== undefined;
  const core = coreOf(schema);
  return {
    standard: question.toValue === undefined ? standardOf(schema, isNeeded && !isSecret) : undefined,
    isNeeded,
    isSecret,
    choices: core instanceof z.ZodEnum ? core.options.map(String) : null,
    problemOf: (answer) => {
      const value = question.toValue?.(answer, new Date(0).toISOString()) ?? answer;
      const read = schema.safeParse(value, { error: reasonOf });
      return read.success ? null : (read.error.issues[0]?.message ?? "cannot be used");
    },
  };
}

/** The default, else an example of what is needed. */
function standardOf(schema: z.ZodType, mayBeExample: boolean): string | undefined {
  const standard = defaultOf(schema) ?? (mayBeExample ? metadataOf(schema)?.example : undefined);
  return standard === undefined ? undefined : String(standard);
}

/** The setting of a kind that is a secret, and the variable that it is kept in; null for a kind without one. */
export function secretOf(kind: SourceKind): { setting: string; variable: string } | null {
  for (const { setting } of kind.asks) {
    const facts = metadataOf(schemaOf(kind, setting));
    const [, variable] = /^\$\{(\w+)\}$/u.exec(String(facts?.example)) ?? [];
    if (facts?.secret === true && variable !== undefined) return { setting, variable };
  }
  return null;
}

interface Written {
  /** What stands in place of each answer. */
  textOf(answer: string, question: FirstQuestion): string;
  now: string;
}

/** The settings that the answers make, without those that say what would hold anyway. */
export function settingsOf(
  { kind, answers }: SourceAnswers,
  { textOf, now }: Written,
): Record<string, unknown> {
  return Object.fromEntries(
    kind.asks.flatMap((question): [string, unknown][] => {
      const answer = answers.get(question.setting);
      if (answer === undefined || answer === defaultOf(schemaOf(kind, question.setting))) return [];
      const text = textOf(answer, question);
      return [[question.setting, question.toValue?.(text, now) ?? text]];
    }),
  );
}

/** A place as a person types it in a folder; absolute. */
export function placeOf(typed: string, folder: string): string {
  return resolve(folder, typed.replace(/^~(?=$|[/\\])/u, homedir()));
}

/** A place as a file in this folder names it: relative where it lies below, so that both may move together. */
export function placeIn(folder: string, place: string): string {
  const below = relative(folder, place).replaceAll("\\", "/");
  return below.startsWith("..") || isAbsolute(below) ? place : `./${below}`;
}

function schemaOf({ type }: SourceKind, setting: string): z.ZodType {
  const block = sourceSettings.options.find((each) => each.shape.type.value === type);
  const schema = (block?.shape as Record<string, z.ZodType> | undefined)?.[setting];
  if (schema === undefined) throw new TypeError(`${type} has no setting ${setting}`);
  return schema;
}
