import { useSignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect } from "preact/hooks";
import { loadFile } from "../../api/load-file.ts";
import { isOutage } from "../../api/outage.ts";
import { outage } from "../../api/request.ts";
import type { Memory } from "../../memories/memory-row.tsx";
import type { Spot } from "../../memories/world-map.tsx";
import { addressOf } from "../../shell/router.ts";

/** Where it was, on a map that is loaded when there is something to show. */
export function Where({ memory: { location, place, connectorId } }: { memory: Memory }) {
  const map = useSignal<ComponentType<{ spots: readonly Spot[] }> | null>(null);
  const isSomewhere = location !== null;
  useEffect(() => {
    if (!isSomewhere) return;
    const draw = () =>
      loadFile(() => import("../../memories/world-map.tsx")).then(
        ({ WorldMap }) => {
          map.value = WorldMap;
        },
        // Without it the words beside it say the same.
        (thrown: unknown) => {
          if (isOutage(thrown)) outage.whenBack(draw);
        },
      );
    void draw();
  }, [isSomewhere]);
  if (location === null) return null;
  const { lat, lon } = location;
  const here = `${lat}, ${lon}`;
  const Drawn = map.value;
  return (
    <section class="panel pad stack" aria-label="Where it was">
      <h2>Where it was</h2>
      {Drawn && (
        <Drawn spots={[{ key: here, at: [lon, lat], radius: 14, weight: 1, title: place ?? here }]} />
      )}
      <p>
        {place !== null && `${place}, `}
        <a href={addressOf(["memories"], { near: `${lat},${lon}`, connector: connectorId })}>{here}</a>
      </p>
    </section>
  );
}
