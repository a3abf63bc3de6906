import type { ComponentChildren } from "preact";
import { connection } from "../api/live.ts";
import { session, signOut } from "../api/session.ts";
import { Icon } from "../parts/icon.tsx";
import { now } from "../words/now.ts";
import { moment } from "../words/time.ts";
import { ownZone } from "../words/zone.ts";
import { Brand } from "./brand.tsx";
import { DeadLettersBadge, DeadLettersWatch } from "./dead-letters-badge.tsx";
import { useFocusInSight } from "./focus-in-sight.ts";
import { type PageEntry, pages } from "./pages.ts";
import { match, place } from "./router.ts";
import { Search } from "./search.tsx";
import { shownTheme, switchTheme, theme } from "./theme.ts";
import { attempt, Toasts } from "./toasts.tsx";

/** What stands around every page. */
export function Frame({ children }: { children: ComponentChildren }) {
  const signedIn = session.value != null;
  useFocusInSight();
  return (
    <>
      <button type="button" class="skip" onClick={skipToMain}>
        Skip to the page
      </button>
      <header class="mast">
        <div class="mast-in">
          <Brand />
          {signedIn && (
            <nav class="tabs" aria-label="Pages">
              <Tabs />
            </nav>
          )}
          <div class="mast-end">
            {signedIn && <Search />}
            {signedIn && <DeadLettersWatch />}
            {signedIn && <Liveness />}
            <ThemeButton />
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <AwayBanner />
        {children}
      </main>
      <Foot />
      {signedIn && (
        <nav class="bottom" aria-label="Pages, at the bottom">
          <Tabs withIcons />
        </nav>
      )}
      <Toasts />
    </>
  );
}

/** No link: the fragment is the address of the page. */
function skipToMain(): void {
  document.getElementById("main")?.focus();
}

function Tabs({ withIcons = false }: { withIcons?: boolean }) {
  return (
    <>
      {pages.map((entry) => {
        const { address, name, tab } = entry;
        if (tab === undefined) return null;
        return (
          <a key={address} href={`#${address}`} aria-current={isWithin(entry) ? "page" : undefined}>
            {withIcons && <Icon name={tab.icon} />}
            {tab.label ?? name}
            {tab.hasDeadLetters && <DeadLettersBadge />}
          </a>
        );
      })}
    </>
  );
}

/** A page without a tab is below the one that it names, below the tab whose address it goes on from, or below the overview. */
function isWithin({ address }: PageEntry): boolean {
  const named = pages.find((entry) => match(entry.address, place.value) !== null)?.below;
  const first = named ?? `/${place.value.segments[0] ?? ""}`;
  const owner = pages.find((entry) => entry.tab !== undefined && entry.address === first)?.address ?? "/";
  return owner === address;
}

function Liveness() {
  const { state } = connection.value;
  return state === "live" ? <span class="live">live</span> : null;
}

function AwayBanner() {
  const { value } = connection;
  if (value.state !== "away" || session.value == null) return null;
  return (
    <p class="banner" role="status">
      <Icon name="wait" />
      <span>
        <b>Not live since {moment(value.since, now.value)}.</b> The service does not answer, or its events do
        not come through; the numbers are of then. It is tried again by itself.
      </span>
    </p>
  );
}

function ThemeButton() {
  const next = (theme.value ?? shownTheme()) === "dark" ? "light" : "dark";
  return (
    <button type="button" class="btn icon" aria-label={`Change to ${next}`} onClick={switchTheme}>
      <Icon name="theme" />
    </button>
  );
}

function Foot() {
  const opened = session.value;
  return (
    <footer class="foot">
      {opened?.keyId === null && (
        <span>No key is asked for: whoever reaches this page may do everything.</span>
      )}
      {opened && opened.keyId !== null && (
        <span>
          Signed in as{" "}
          {opened.name === null ? (
            <b>{opened.role}</b>
          ) : (
            <>
              <b>{opened.name}</b>, {opened.role}
            </>
          )}{" "}
          <button type="button" class="btn quiet sm" onClick={() => attempt(signOut, null)}>
            Sign out
          </button>
        </span>
      )}
      <span>Times of the service are those of {ownZone()}, where you are</span>
      <a href="docs/">API</a>
    </footer>
  );
}
