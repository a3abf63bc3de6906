import { isRecord } from "../json-list/parsed-item.ts";

/**
 * The values at a dotted path, none of them null. A list on the way is gone through, unless a number of its item follows; a name may
 * hold dots itself: `a.b` is also the member `a.b`.
 */
export function valuesAt(value: unknown, path: string): unknown[] {
  return follow(value, path === "." ? [] : path.split("."));
}

function follow(value: unknown, names: readonly string[]): unknown[] {
  if (value === undefined || value === null) return [];
  const [name = "", ...rest] = names;
  if (Array.isArray(value)) {
    if (/^\d+$/u.test(name)) return follow(value[Number(name)], rest);
    return value.flatMap((each) => follow(each, names));
  }
  if (names.length === 0) return [value];
  const found = isRecord(value) ? memberAt(value, names) : null;
  return found === null ? [] : follow(found.value, found.rest);
}

function memberAt(record: Record<string, unknown>, names: readonly string[]) {
  for (let count = 1; count <= names.length; count++) {
    const name = names.slice(0, count).join(".");
    if (Object.hasOwn(record, name)) return { name, value: record[name], rest: names.slice(count) };
  }
  return null;
}

/** Whether a path leads into a list. */
export function passesList(value: unknown, path: string): boolean {
  let at = value;
  for (let names: readonly string[] = path.split("."); names.length > 0 && isRecord(at); ) {
    const found = memberAt(at, names);
    if (found === null) return false;
    at = found.value;
    names = found.rest;
  }
  return Array.isArray(at);
}

/** Takes what is at a dotted path out of a value. */
export function removeAt(value: unknown, path: string): void {
  remove(value, path.split("."));
}

function remove(value: unknown, names: readonly string[]): void {
  if (Array.isArray(value)) for (const each of value) remove(each, names);
  if (!isRecord(value)) return;
  const found = memberAt(value, names);
  if (found === null) return;
  if (found.rest.length === 0) delete value[found.name];
  else remove(found.value, found.rest);
}
