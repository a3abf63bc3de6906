import type { ComponentChildren } from "preact";

/** Drawn in 16 by 16. A shape stands for one meaning only. */
const shapes = {
  ok: (
    <>
      <circle cx="8" cy="8" r="6.2" />
      <path d="m5.2 8.2 2 2 3.6-4.2" />
    </>
  ),
  move: <path d="M2.5 3.5 6.5 8l-4 4.5M8.5 3.5l4 4.5-4 4.5" />,
  wait: (
    <path d="M4 2h8M4 14h8M5 2c0 3.2 1.6 4.4 3 6-1.4 1.6-3 2.8-3 6M11 2c0 3.2-1.6 4.4-3 6 1.4 1.6 3 2.8 3 6" />
  ),
  fail: (
    <>
      <path d="M8 1.8 14.6 13.6H1.4Z" />
      <path d="M8 6v3.6M8 11.6v.1" />
    </>
  ),
  dead: (
    <>
      <rect x="2" y="2" width="12" height="12" rx="1.5" />
      <path d="m5.5 5.500 5 5m0-5-5 5" />
    </>
  ),
  rest: <path d="M5 3v10M11 3v10" />,
  never: <circle cx="8" cy="8" r="6.2" stroke-dasharray="2.2 2.6" />,
  cancelled: <path d="m4 4 8 8m0-8-8 8" />,
  close: <path d="m4 4 8 8m0-8-8 8" />,
  check: <path d="m3 8.500 3.200 3.200L13 4.500" />,
  play: <path d="M4.5 2.5v11l8.5-5.5Z" />,
  pause: <path d="M5 3v10M11 3v10" />,
  edit: <path d="M3 13l.7-3L11 2.7l2.3 2.3L6 12.3Z" />,
  again: <path d="M3 8a5 5 0 1 0 1.600-3.7M3 2.5v3h3" />,
  up: <path d="M8 13V3M4 7l4-4 4 4" />,
  theme: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 2v12A6 6 0 0 0 8 2Z" fill="currentColor" />
    </>
  ),
  leave: <path d="M6 3H3v10h3M7 8h6.500M11 5.500 13.500 8 11 10.500" />,
  search: (
    <>
      <circle cx="7" cy="7" r="4.5" />
      <path d="m10.500 10.500 3.500 3.500" />
    </>
  ),
  overview: <path d="M2 13.5V9M5 13.5V5M8 13.500v-11M11 13.500V6M14 13.5v-3" />,
  errors: (
    <>
      <path d="M8 1.8 14.6 13.600H1.4Z" />
      <path d="M8 6v3.600M8 11.6v.1" />
    </>
  ),
  memories: <path d="M3 2.5h10v11H3zM5.5 6h5M5.5 9h3.5" />,
  timeline: (
    <>
      <rect x="2" y="3" width="12" height="11" rx="1.5" />
      <path d="M2 6.5h12M5.500 1.5V4M10.5 1.5V4" />
    </>
  ),
  graph: (
    <>
      <circle cx="4" cy="4" r="2" />
      <circle cx="12" cy="6" r="2" />
      <circle cx="6" cy="12.5" r="2" />
      <path d="m5.9 4.5 4.2 1M4.500 6l1 4.6M10.6 7.4l-3.300 3.700" />
    </>
  ),
  service: (
    <>
      <rect x="2" y="3" width="12" height="4" rx="1" />
      <rect x="2" y="9" width="12" height="4" rx="1" />
      <path d="M4.500 5h.1M4.5 11h.1" />
    </>
  ),
} satisfies Record<string, ComponentChildren>;

export type IconName = keyof typeof shapes;

/** Decoration: words beside it say the same. */
export function Icon({ name, class: extra = "" }: { name: IconName; class?: string }) {
  return (
    <svg class={`i ${extra}`} viewBox="0 0 16 16" aria-hidden="true">
      {shapes[name]}
    </svg>
  );
}
