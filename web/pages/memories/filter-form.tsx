import { ledgerState, ledgerStatuses } from "../../memories/ledger-state.ts";
import { changed, type FilterKey, type MemoryFilter, notLive } from "../../memories/memory-filter.ts";
import { Icon } from "../../parts/icon.tsx";
import { orderDays } from "../../parts/ordered-days.ts";
import { addressOf, go } from "../../shell/router.ts";
import { dayIn } from "../../words/zone.ts";

const texts: readonly (readonly [key: FilterKey, label: string])[] = [
  ["text", "Words"],
  ["place", "Place"],
  ["person", "Person"],
  ["tag", "Tag"],
];
const days: readonly (readonly [key: FilterKey, label: string])[] = [
  ["since", "First day"],
  ["until", "Last day"],
];

/** A field of a day knows no times. */
const dayText = (text = "", zone: string): string =>
  text.length > 10 && !Number.isNaN(Date.parse(text)) ? dayIn(text, zone) : text;

/** What the list is kept to; sent by Enter or its button, and then in the address. */
export function FilterForm({ filter, zone }: { filter: MemoryFilter; zone: string }) {
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.currentTarget as HTMLFormElement)) as Record<
      string,
      string
    >;
    go(addressOf(["memories"], { ...changed(filter, given) }));
  };
  return (
    <search aria-label="Memories">
      <form class="filter" onSubmit={submit} onInput={orderDays}>
        {texts.map(([key, label]) => (
          <label key={key} class={key === "text" ? "wide" : ""}>
            <span class="label">{label}</span>
            <input class="input" name={key} value={filter[key] ?? ""} />
          </label>
        ))}
        {days.map(([key, label]) => (
          <label key={key}>
            <span class="label">{label}</span>
            <input class="input" name={key} type="date" value={dayText(filter[key], zone)} />
          </label>
        ))}
        <label>
          <span class="label">State</span>
          <select class="input" name="status" value={filter.status ?? ""}>
            <option value="">any</option>
            <option value={notLive}>not live: failed, given up or gone</option>
            {ledgerStatuses.map((status) => (
              <option key={status} value={status}>
                {ledgerState(status).word}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="btn main">
          <Icon name="search" /> Search
        </button>
      </form>
    </search>
  );
}
