import { type Path, pathText } from "../kernel/settings/path.ts";
import { defaultOf, schemaAt } from "../kernel/settings/walk.ts";
import { getIn, placesOf } from "./input/tree.ts";
import { type InputDocument, whereFrom } from "./report/findings.ts";
import { declaredSettings, type Settings, settingsSchema } from "./schema/settings.ts";

/** A setting with the value that counts, and where that comes from. */
export interface SettingInForce {
  /** As the file spells it: `connectors[0].schedule.cron`. */
  path: string;
  /** In the file's notation, masked where it is secret. */
  value: string;
  /** Nobody has set it. */
  isDefault: boolean;
  /** Where the file sets it; null where something else does. */
  line: number | null;
  /** The variable, the flag or the secret file that it comes from; null where the file itself has it. */
  origin: string | null;
}

/** Every setting that has a value, in the order of the schema. `settings` is the document with its defaults. */
export function settingsInForce(document: InputDocument, settings: Settings): SettingInForce[] {
  const places = new Map<string, Path>();
  for (const { pattern, isBlock } of declaredSettings()) {
    if (isBlock) continue;
    for (const path of placesOf(pattern, settings)) places.set(pathText(path), path);
  }
  return [...places.values()].flatMap((path) => inForce(path, document, settings) ?? []);
}

function inForce(path: Path, document: InputDocument, settings: Settings): SettingInForce | null {
  const given = getIn(document.tree, path);
  if (given !== undefined) return { ...whereFrom(path, given, document), isDefault: false };
  const parsed = getIn(settings, path);
  if (parsed === undefined) return null;
  const schema = schemaAt(settingsSchema, path, settings);
  const standard = schema === undefined ? parsed : (defaultOf(schema) ?? parsed);
  return { ...whereFrom(path, standard, document), line: null, origin: null, isDefault: true };
}
