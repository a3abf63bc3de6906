import type { Tone } from "./state.tsx";

/** Shares of a whole, side by side, drawn as geometry: a strict policy allows no inline style. */
export function Bar({
  shares,
  total,
  label,
  class: name = "stackbar",
  isProgress = false,
}: {
  shares: readonly { tone: Tone | "accent"; value: number }[];
  total: number;
  /** Says the same in words. */
  label: string;
  class?: string;
  isProgress?: boolean;
}) {
  const width = 1000;
  const scale = total === 0 ? 0 : width / total;
  let x = 0;
  const pieces = shares.map(({ tone, value }) => {
    const piece = { tone, x, width: value * scale };
    x += piece.width;
    return piece;
  });
  const progress = {
    role: "progressbar" as const,
    "aria-valuenow": shares[0]?.value ?? 0,
    "aria-valuemax": total,
  };
  return (
    <svg
      class={name}
      viewBox={`0 0 ${width} 18`}
      preserveAspectRatio="none"
      aria-label={label}
      {...(isProgress ? progress : { role: "img" as const })}
    >
      <rect class="f-h0" width={width} height="18" />
      {pieces.map((piece) => (
        <rect key={piece.tone} class={`f-${piece.tone}`} x={piece.x} width={piece.width} height="18" />
      ))}
    </svg>
  );
}
