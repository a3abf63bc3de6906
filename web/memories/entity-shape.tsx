const shapes = {
  person: <circle class="f-person" cx="7" cy="7" r="5.5" />,
  place: <path class="f-place" d="M7 .8 13.2 7 7 13.2.8 7z" />,
  organisation: <rect class="f-organisation" x="1.5" y="1.5" width="11" height="11" />,
  event: <path class="f-event" d="M7 1.2 13.2 12.600H.8z" />,
  thing: <path class="f-accent" d="M4 1.5h6L13.200 7 10 12.5H4L.8 7z" />,
};

export type EntityKind = keyof typeof shapes;

const kinds: Readonly<Record<string, EntityKind>> = {
  person: "person",
  location: "place",
  geo: "place",
  place: "place",
  organization: "organisation",
  organisation: "organisation",
  event: "event",
};

/** LightRAG's own type of an entity, as one of the five that are told apart. */
export function kindOf(type: string): EntityKind {
  const name = type.toLowerCase();
  return (Object.hasOwn(kinds, name) ? kinds[name] : undefined) ?? "thing";
}

/** Kinds are told apart by their shape; words beside it name the type. */
export function EntityShape({ type }: { type: string }) {
  return (
    <svg viewBox="0 0 14 14" aria-hidden="true">
      {shapes[kindOf(type)]}
    </svg>
  );
}
