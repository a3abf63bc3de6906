import { escapeControls, type Path } from "../../kernel/settings/path.ts";
import { isMap } from "../../kernel/settings/rules.ts";
import { metadataOf, schemaAt } from "../../kernel/settings/walk.ts";
import { maskLogin } from "../../kernel/util/url.ts";
import { settingsSchema } from "../schema/settings.ts";

const longest = 60;

/** True when the value at this place, or anything that holds it, is a secret. */
export function isSecret(path: Path): boolean {
  return path.some(
    (_, index) => metadataOf(schemaAt(settingsSchema, path.slice(0, index + 1)))?.secret === true,
  );
}

/** A value as it may stand in a message: bounded, on one line, without the login of a URL. Null where there is nothing to show. */
export function shownValue(value: unknown): string | null {
  if (value === undefined) return null;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isMap(value)) return "a map";
  const text = escapeControls(maskLogin(typeof value === "string" ? JSON.stringify(value) : String(value)));
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
