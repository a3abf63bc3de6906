import { Icon } from "../../parts/icon.tsx";
import { orderDays } from "../../parts/ordered-days.ts";
import { addressOf, go } from "../../shell/router.ts";
import { dateText } from "../../words/time.ts";
import { instantOf } from "../../words/zone.ts";
import { actionChoices } from "./audit-words.ts";

const labels = {
  actor: "Who",
  action: "What was done",
  subject: "To what",
  since: "First day",
  until: "Last day",
} as const;

type FilterKey = keyof typeof labels;
export type AuditFilter = Partial<Record<FilterKey, string>>;

const keys = Object.keys(labels) as FilterKey[];

const isDay = (key: FilterKey): boolean => key === "since" || key === "until";

/** What an address, or a form, keeps the log to. Empty parts and unknown ones are left out. */
export function filterOf(query: Pick<URLSearchParams, "get">): AuditFilter {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = query.get(key)?.trim() ?? "";
      return value === "" ? [] : [[key, value]];
    }),
  );
}

export const auditAddress = (filter: AuditFilter): string => addressOf(["service", "audit"], { ...filter });

/** The same as the API is asked for it. A day means all of it, in the time zone of the browser. */
export function queryOf({ since, until, ...rest }: AuditFilter) {
  return {
    ...rest,
    ...(since !== undefined && { since: instantOf(since, "first") }),
    ...(until !== undefined && { until: instantOf(until, "last") }),
  };
}

/** Sent by Enter or its button, and then in the address. */
export function FilterForm({ filter }: { filter: AuditFilter }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget as HTMLFormElement);
    go(auditAddress(filterOf({ get: (key) => String(given.get(key) ?? "") })));
  };
  return (
    <search aria-label="Audit log">
      <form class="filter" onSubmit={submit} onInput={orderDays}>
        {keys.map((key) => (
          <div key={key}>
            <label class="label" for={`audit-${key}`}>
              {labels[key]}
            </label>
            <Field name={key} value={filter[key] ?? ""} />
          </div>
        ))}
        <button type="submit" class="btn main">
          <Icon name="search" /> Filter
        </button>
      </form>
    </search>
  );
}

function Field({ name, value }: { name: FilterKey; value: string }) {
  const field = { id: `audit-${name}`, class: "input", name };
  if (isDay(name)) return <input {...field} type="date" value={value.slice(0, 10)} />;
  if (name !== "action") return <input {...field} value={value} />;
  const choices = value === "" || actionChoices.includes(value) ? actionChoices : [value, ...actionChoices];
  return (
    <select {...field} value={value}>
      <option value="">anything</option>
      {choices.map((action) => (
        <option key={action} value={action}>
          {action}
        </option>
      ))}
    </select>
  );
}

/** Each part of the filter, with the way to the log without it. */
export function Chips({ filter }: { filter: AuditFilter }) {
  const chosen = keys.flatMap((key) => {
    const value = filter[key];
    if (value === undefined) return [];
    return [{ key, text: `${labels[key]}: ${isDay(key) ? dateText(value) : value}` }];
  });
  if (chosen.length === 0) return null;
  return (
    <nav class="chips" aria-label="The log is kept to">
      {chosen.map(({ key, text }) => (
        <a
          key={key}
          class="chip on"
          href={auditAddress(
            filterOf({ get: (each) => (each === key ? null : (filter[each as FilterKey] ?? null)) }),
          )}
          aria-label={`${text}: remove`}
        >
          {text} <Icon name="close" />
        </a>
      ))}
      {chosen.length > 1 && <a href={auditAddress({})}>Show all</a>}
    </nav>
  );
}
