import * as z from "zod";
import { auditActions } from "../../src/access/audit/audit-action.ts";
import { eventsRoute } from "../../src/api/live/add-events.ts";
import { problemSchema, statusOf } from "../../src/api/problem.ts";
import type { RouteDescription } from "../../src/api/route.ts";
import { routes } from "../../src/api/routes.ts";
import type { CommandSpec } from "../../src/cli/command.ts";
import { commands } from "../../src/cli/commands.ts";
import { exitCodes } from "../../src/cli/exit-codes.ts";
import { jsonOption, verboseOption } from "../../src/cli/program.ts";
import { declaredSettings } from "../../src/config/schema/settings.ts";
import { type ErrorCode, errorCodes } from "../../src/kernel/errors/codes.ts";
import { pathText } from "../../src/kernel/settings/path.ts";
import { coreOf, defaultOf, isRequired, type Setting } from "../../src/kernel/settings/walk.ts";
import { alertRuleNames } from "../../src/notify/alerts/alert-rule.ts";
import { webhookEventTypes } from "../../src/notify/webhooks/event-types.ts";
import { Metrics } from "../../src/observe/metrics.ts";
import { liveEventTypes } from "../../src/runtime/live/live-events.ts";
import { fieldsOf } from "./schema-fields.ts";

/** By kind, each name with what is promised of it, a line each, from the registries that the program itself uses. */
export const publicNames: Readonly<Record<string, () => string[]>> = {
  "error-codes": () => errorNames().toSorted(),
  settings: () => declaredSettings().map(settingLine),
  metrics: () => new Metrics().definitions.map(({ type, name, labels }) => line(type, name, ...labels)),
  routes: () => [...routes, eventsRoute].flatMap(routeLines),
  commands: () => [
    ...[jsonOption(), verboseOption()].map(({ flags }) => line("(every command)", flags)),
    ...everyCommand(commandLines),
  ],
  "command-json": () => everyCommand(({ json }, name) => (json ? fieldsOf(json, name, "output") : [])),
  events: eventNames,
};

const line = (...words: readonly unknown[]): string => words.map(String).join(" ");

function errorNames(): string[] {
  return Object.entries(errorCodes).map(([code, { reaction }]) =>
    line(code, reaction, statusOf(code as ErrorCode)),
  );
}

function settingLine({ pattern, schema, facts, isBlock }: Setting): string {
  const { env, secret, belongsTo, shorthand, synonyms = [] } = facts;
  const notes = [
    env && `env ${env}`,
    secret && "secret",
    belongsTo && `for ${belongsTo}`,
    shorthand && `short for ${shorthand}`,
    ...synonyms.map((name) => `also ${name}`),
  ];
  return line(pathText(pattern), isBlock ? "block" : standardOf(schema), ...notes.filter(Boolean));
}

function standardOf(schema: z.ZodType): string {
  const core = coreOf(schema);
  const options = core instanceof z.ZodEnum ? [`one of ${core.options.join(", ")}`] : [];
  const standard = defaultOf(schema);
  const left = isRequired(schema) ? "required" : "optional";
  return line(standard === undefined ? left : `= ${JSON.stringify(standard)}`, ...options);
}

function routeLines(route: RouteDescription): string[] {
  const { method, path, access, status, params, query, body, answer, mediaType, otherAnswers = {} } = route;
  const name = line(method, path);
  const inputs = Object.entries({ params, query, body }).flatMap(([part, schema]) =>
    schema === undefined ? [] : fieldsOf(schema, line(name, part), "input"),
  );
  const others = Object.entries(otherAnswers).flatMap(([code, schema]) =>
    fieldsOf(schema, line(name, code), "output"),
  );
  return [
    line(name, access, status, mediaType ?? "application/json"),
    ...inputs,
    ...fieldsOf(answer, line(name, "answer"), "output"),
    ...others,
  ];
}

function everyCommand(linesOf: (spec: CommandSpec, name: string) => string[]): string[] {
  return commands.flatMap((spec) => [
    ...linesOf(spec, spec.name),
    ...(spec.children ?? []).flatMap((child) => linesOf(child, line(spec.name, child.name))),
  ]);
}

function commandLines(
  { options, needsConnector, arguments: words = [] }: CommandSpec,
  name: string,
): string[] {
  const given = words.map((word) => `<${word.name()}>${word.required ? "" : "?"}`);
  return [
    line(name, ...given, ...(needsConnector ? ["[connector]"] : [])),
    ...options.map(({ flags, mandatory, negate, defaultValue, argChoices }) => {
      const standard = negate || defaultValue === undefined ? [] : ["=", JSON.stringify(defaultValue)];
      const choices = argChoices === undefined ? [] : ["one of", argChoices.join(", ")];
      return line(name, flags, ...(mandatory ? ["needed"] : []), ...standard, ...choices);
    }),
  ];
}

function eventNames(): string[] {
  return [
    ...Object.entries(exitCodes).map(([name, code]) => line("exit", code, name)),
    ...liveEventTypes.map((name) => line("live", name)),
    ...webhookEventTypes.map((name) => line("webhook", name)),
    ...auditActions.map((name) => line("audit", name)),
    ...alertRuleNames.map((name) => line("alert", name)),
    ...fieldsOf(problemSchema, "problem", "output"),
  ];
}
