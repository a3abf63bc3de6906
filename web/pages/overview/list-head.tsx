import { type ConnectorState, ranks } from "../../connectors/connector-state.ts";
import { Icon } from "../../parts/icon.tsx";
import { AlsoLeftOut } from "../../parts/left-out.tsx";
import { go } from "../../shell/router.ts";
import { count } from "../../words/numbers.ts";
import { addressOfView, pageLength, type Shown, type View } from "./view.ts";

const labels: Readonly<Record<ConnectorState["rank"], string>> = {
  "needs you": "Need you",
  waits: "Wait",
  "at work": "At work",
  fine: "Fine",
  "at rest": "At rest",
};

interface Standing {
  state: Pick<ConnectorState, "rank">;
}

/** What the list can be kept to, each with its number; a field for ids where there are more than one page shows. */
export function ListHead({ rows, view }: { rows: readonly Standing[]; view: View }) {
  const numbers = ranks
    .map((rank) => ({ rank, number: rows.filter(({ state }) => state.rank === rank).length }))
    .filter(({ rank, number }) => number > 0 || view.rank === rank);
  const first = { ...view, page: 1 };
  return (
    <div class="list-head">
      <nav class="chips" aria-label="The list is kept to">
        <Chip href={addressOfView({ ...first, rank: null })} isOn={view.rank === null}>
          All {count(rows.length)}
        </Chip>
        {numbers.map(({ rank, number }) => (
          <Chip key={rank} href={addressOfView({ ...first, rank })} isOn={view.rank === rank}>
            {labels[rank]} {count(number)}
          </Chip>
        ))}
        {view.part !== "" && (
          <a
            class="chip on"
            href={addressOfView({ ...first, part: "" })}
            aria-label={`Id has ${view.part}: remove`}
          >
            Id has: {view.part} <Icon name="close" />
          </a>
        )}
      </nav>
      {(rows.length > pageLength || view.part !== "") && (
        <input
          class="input"
          type="search"
          aria-label="Only connectors whose id has"
          placeholder="Part of an id"
          value={view.part}
          onInput={({ currentTarget }) =>
            go(addressOfView({ ...first, part: currentTarget.value }), { replace: true })
          }
        />
      )}
    </div>
  );
}

function Chip({ href, isOn, children }: { href: string; isOn: boolean; children: (string | number)[] }) {
  return (
    <a class={`chip ${isOn ? "on" : ""}`} href={href} aria-current={isOn ? "true" : undefined}>
      {children}
    </a>
  );
}

/** An address behind the last page shows that one, and is told so. */
export function BehindLast({ shown: { pages }, view: { page } }: { shown: Shown<unknown>; view: View }) {
  const why = pages === 1 ? "the list has one page" : `the list has ${count(pages)} pages`;
  return <AlsoLeftOut of={page > pages ? [{ part: `page=${page}`, why }] : []} />;
}

/** `51 to 100 of 950`, and the ways to the pages beside. */
export function Pager({
  shown: { rows, page, pages, count: all },
  view,
}: {
  shown: Shown<unknown>;
  view: View;
}) {
  if (pages === 1) return null;
  const first = (page - 1) * pageLength + 1;
  return (
    <nav class="acts pager" aria-label="Pages of the list">
      {page > 1 && (
        <a class="btn" href={addressOfView({ ...view, page: page - 1 })}>
          Before
        </a>
      )}
      <span class="soft">
        {count(first)} to {count(first + rows.length - 1)} of {count(all)}
      </span>
      {page < pages && (
        <a class="btn" href={addressOfView({ ...view, page: page + 1 })}>
          Next
        </a>
      )}
    </nav>
  );
}
