import type { ComponentChildren } from "preact";

const keys: readonly (readonly [word: string, shape: ComponentChildren])[] = [
  ["proved", <rect key="" class="f-ok" y="2" width="6" height="14" rx="1" />],
  [
    "with dead letters",
    <g key="">
      <rect class="f-ok" y="7" width="6" height="9" rx="1" />
      <rect class="f-dead" width="6" height="5" />
    </g>,
  ],
  [
    "failed",
    <g key="">
      <path class="f-fail" d="M0 10h7L3.5 3z" />
      <rect class="f-fail" y="13" width="7" height="2" />
    </g>,
  ],
  [
    "waited",
    <g key="">
      <path class="s-wait" stroke-width="1.6" d="M1.5 8V1M5.500 8V1" />
      <rect class="f-ok" y="10" width="7" height="6" />
    </g>,
  ],
  [
    "cancelled",
    <g key="">
      <path class="s-ink" stroke-width="1.300" d="m1 4 5 5m0-5-5 5" />
      <rect class="f-rest" y="13" width="7" height="2" />
    </g>,
  ],
  [
    "running",
    <g key="">
      <path class="f-move" d="m0 4 6-2.500L0 0z" />
      <rect class="f-move" y="6" width="6" height="10" />
    </g>,
  ],
];

export function StripKey() {
  return (
    <div class="chips small soft">
      How to read a strip:
      {keys.map(([word, shape]) => (
        <span key={word} class="chip">
          <svg width="8" height="16" aria-hidden="true">
            {shape}
          </svg>
          {word}
        </span>
      ))}
    </div>
  );
}
