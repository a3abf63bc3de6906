import { ApiKeys } from "../../access/api-keys.ts";
import { Sessions } from "../../access/sessions.ts";
import type { ApiConfig } from "../../config/config.ts";
import type { OwnHosts } from "../../kernel/inbound/own-hosts.ts";
import type { ApiParts } from "../route.ts";
import { type Authenticator, LoginThrottle, makeAuthenticator } from "./authenticator.ts";
import { BrowserSessions } from "./browser-sessions.ts";
import { Credentials } from "./credentials.ts";
import { SessionCookie } from "./session-cookie.ts";

export interface ApiAccess {
  authenticate: Authenticator;
  credentials: Credentials;
  browsers: BrowserSessions;
  /** Of guesses at keys and secrets. */
  throttle: LoginThrottle;
}

interface ApiAccessOptions {
  parts: Pick<ApiParts, "app" | "clock" | "signInLinks">;
  config: ApiConfig;
  hosts: OwnHosts;
  /** The key of commands on the same state; null for none. */
  localKey: string | null;
}

/** Who may call the API, and how browsers sign in. Keys and limits of sessions are those of the current configuration. */
export async function apiAccess(access: ApiAccessOptions): Promise<ApiAccess> {
  const { parts, config, hosts, localKey } = access;
  const { app, clock, signInLinks } = parts;
  const { state, audit } = app;
  const configured = () => app.config.api.apiKey;
  const keys = new ApiKeys({ store: state.apiKeys, configured, local: localKey, clock });
  const limits = () => app.config.api.sessions;
  const sessions = new Sessions({ store: state.sessions, keys, limits, clock });
  const cookie = new SessionCookie(await state.sessions.realm(), config.basePath);
  const credentials = new Credentials({ keys, sessions, cookie, hosts });
  const throttle = new LoginThrottle(clock, (address) => app.relay.changed("guesses", address));
  app.relay.on("guesses", (address) => address !== undefined && throttle.hearFailure(address));
  const authenticate = makeAuthenticator({ credentials, throttle, asksForKeys: () => config.enableAuth });
  const options = { authenticate, sessions, cookie, links: signInLinks, hosts, audit, clock };
  return { authenticate, credentials, throttle, browsers: new BrowserSessions(options) };
}
