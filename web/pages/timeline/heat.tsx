import { useEffect, useRef } from "preact/hooks";
import { counted } from "../../words/numbers.ts";
import { monthName, type Period } from "./periods.ts";
import { cellsOf, heatOf } from "./year.ts";

const step = 17;
const size = 14;
const head = 18;
/** That a year may touch. */
const weeks = 54;

/** A year of days as squares: the fuller, the stronger. The list of days says the same, so that it is hidden from screen readers. */
export function Heat({
  year,
  month,
  days,
  addressOfDay,
}: {
  year: string;
  /** Whose days are listed below; it is in view where the whole year has no room. */
  month: string;
  days: readonly Period[];
  addressOfDay: (day: Period) => string;
}) {
  const known = new Map(days.map((day) => [day.period, day]));
  const most = days.reduce((max, { memories }) => Math.max(max, memories), 1);
  const cells = cellsOf(Number(year));
  const frame = useRef<HTMLElement>(null);
  useEffect(() => {
    const bringIntoView = () => {
      const { current } = frame;
      if (current === null) return;
      const column = cells.find(({ date }) => date.startsWith(month))?.week ?? 0;
      const middle = ((column + 2) / weeks) * current.scrollWidth;
      current.scrollLeft = middle - current.clientWidth / 2;
    };
    bringIntoView();
    addEventListener("resize", bringIntoView);
    return () => removeEventListener("resize", bringIntoView);
  }, [month]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to scroll by keyboard, too
    <section ref={frame} class="scroll-x" tabIndex={0} aria-label={`Calendar of ${year}, scrolls sideways`}>
      <svg class="heat" viewBox={`0 0 ${weeks * step} ${head + 7 * step}`} aria-hidden="true">
        {cells
          .filter(({ date }) => date.endsWith("-01"))
          .map(({ date, week }) => (
            <text key={date} x={week * step} y="10" class="t3">
              {monthName(date.slice(0, -3)).slice(0, 3)}
            </text>
          ))}
        {cells.map(({ date, week, weekday }) => {
          const day = known.get(date);
          const memories = day?.memories ?? 0;
          const square = (
            <rect
              class={`f-h${heatOf(memories, most)}`}
              x={week * step}
              y={head + weekday * step}
              width={size}
              height={size}
              rx="2"
            >
              <title>{`${date}: ${counted(memories, "memory", "memories")}`}</title>
            </rect>
          );
          if (day === undefined) return <g key={date}>{square}</g>;
          return (
            <a key={date} href={addressOfDay(day)} tabindex={-1}>
              {square}
            </a>
          );
        })}
      </svg>
    </section>
  );
}
