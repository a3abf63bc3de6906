import type { ComponentChildren, ComponentProps } from "preact";
import { may } from "../api/endpoint.ts";
import { Page } from "../parts/page.tsx";
import { addressOf, place } from "../shell/router.ts";

const pages: readonly (readonly [label: string, ...address: string[]])[] = [
  ["Alerts", "service"],
  ["Audit", "service", "audit"],
  ["Keys", "service", "keys"],
  ["Doctor", "service", "doctor"],
  ["Configuration", "service", "configuration"],
];

/** A page about the service itself, with the way to the others. */
export function ServicePage(props: ComponentProps<typeof Page>) {
  return <Page {...props} above={<ServicePages />} />;
}

function ServicePages() {
  const here = addressOf(place.value.segments);
  return (
    <nav class="chips" aria-label="Pages about the service">
      {pages.map(([label, ...segments]) => {
        const address = addressOf(segments);
        return (
          <a key={label} class="chip" href={address} aria-current={address === here ? "page" : undefined}>
            {label}
          </a>
        );
      })}
    </nav>
  );
}

/** What not everybody may ask for; who may not is told so in a sentence. `what`: `The audit log` */
export function ForThoseWhoMay({
  what,
  ask,
  children,
}: {
  what: string;
  ask: Parameters<typeof may>[0];
  children: () => ComponentChildren;
}) {
  if (may(ask)) return <>{children()}</>;
  return (
    <ServicePage title={`${what} is for admins.`} short={what}>
      <p class="soft">
        You are signed in with a key of the role viewer: it shows memories and what the connectors do.
      </p>
    </ServicePage>
  );
}
