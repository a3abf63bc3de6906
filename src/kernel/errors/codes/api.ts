import type { ErrorTable } from "../error-entry.ts";

/** The management API and those who call it. */
export const apiErrors = {
  API_REQUEST_INVALID: {
    reaction: "fix-input",
    meaning: "A request to the management API does not have the shape that its endpoint asks for.",
    remedy: "compare it with the reference at /docs",
  },
  API_KEY_REFUSED: {
    reaction: "fix-input",
    meaning:
      "A request to the management API came without a key, or with one that is wrong, revoked or out of date.",
    remedy:
      "send a key as `X-API-Key` or as a bearer token; `memory-connector keys create --name NAME` makes one",
    requestRemedy: "send a key as `X-API-Key` or as a bearer token; whoever runs the service makes keys",
  },
  API_SIGNATURE_REFUSED: {
    reaction: "fix-input",
    meaning:
      "What was sent to a connector came neither with a key nor with what shows that its sender shares a secret of this connector: no signature, one by another secret or of another text, or one that is older than five minutes.",
    remedy:
      "sign `ID.TIMESTAMP.BODY`, to the byte as it is sent, by the `signing_secret` of this connector, and see that both clocks are right; docs/guides/push.md has an example",
  },
  API_LINK_REFUSED: {
    reaction: "fix-input",
    meaning:
      "A browser came with a link to sign in that was used already, is older than ten minutes, or was printed by a service that has ended since.",
    remedy:
      "sign in with a key; or start `memory-connector serve` on a terminal, which prints a new link: each signs in once",
    requestRemedy: "sign in with a key; the service prints a new link when it is started: each signs in once",
  },
  API_ROLE_REFUSED: {
    reaction: "fix-input",
    meaning: "The key may look but not change anything.",
    remedy: "use a key of the role `admin`",
  },
  API_HOST_REFUSED: {
    reaction: "fix-input",
    meaning:
      "A request named a host that this service is not called. A web page that has its own name point to this machine (DNS rebinding) looks like this, and so does a proxy that was not announced.",
    remedy: "call it by its address, or add the name to `api.allowed_hosts`",
  },
  API_ORIGIN_REFUSED: {
    reaction: "fix-input",
    meaning: "A web page of another origin asked the browser for this. Its origin is not one that may call.",
    remedy:
      "behind a proxy that changes `Host`, add the name in the browser's address to `api.allowed_hosts`; a page of another origin, if it is yours, to `api.cors.origins` with `api.cors.enabled: true`",
  },
  API_CSRF_REFUSED: {
    reaction: "fix-input",
    meaning:
      "A change was asked for by the cookie of a signed-in browser, without the token that shows that our own page asks.",
    remedy: "send `csrf` of `GET /session` as `X-CSRF-Token`; programs send a key instead of a cookie",
  },
  API_UPGRADE_REQUIRED: {
    reaction: "fix-input",
    meaning:
      "A WebSocket was asked for, and the request came without the `Upgrade` header: a proxy has dropped it.",
    remedy: "let the proxy pass `Upgrade` and `Connection` on; docs/api.md has working settings",
  },
  API_DISABLED: {
    reaction: "fix-input",
    meaning: "`serve --api-only` was asked for, and the configuration switches the API off.",
    remedy: "set api.enabled: true, or leave --api-only out",
  },
  API_PATH_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The management API has no endpoint at this path.",
    remedy: "look at the reference at /docs",
  },
  API_METHOD_UNKNOWN: {
    reaction: "fix-input",
    meaning: "The endpoint does not answer to this method.",
    remedy: "use one of those that the `Allow` header names",
  },
  API_BODY_TOO_LARGE: {
    reaction: "fix-input",
    meaning: "The body of a request to the management API is larger than it takes.",
    remedy: "send at most 256 KiB, of memories at most 8 MiB; more go in several parts",
  },
  API_REQUEST_INCOMPLETE: {
    reaction: "retry",
    meaning:
      "A request to the management API did not come to its end in time: 10 seconds for its head, 30 for all of it.",
    remedy: "send it again; look at the network between the two when it happens often",
  },
  API_HEADERS_TOO_LARGE: {
    reaction: "fix-input",
    meaning: "The path and the headers of a request to the management API together are larger than 16 KiB.",
    remedy: "send less of them; long lists of ids belong into a body",
  },
  API_MEDIA_TYPE: {
    reaction: "fix-input",
    meaning: "The body of a request to the management API is not JSON.",
    remedy: "send JSON with `Content-Type: application/json`",
  },
  API_TOO_MANY_REQUESTS: {
    reaction: "retry",
    meaning: "One address asked too often, or tried too many wrong keys.",
    remedy: "wait for the time that the `Retry-After` header names",
  },
  API_KEY_UNKNOWN: {
    reaction: "fix-input",
    meaning: "A key was to be rotated or revoked, and no working key has this id.",
    remedy: "`memory-connector keys list` shows the ids",
    requestRemedy: "the list of keys shows the ids",
  },
  SERVICE_UNREACHABLE: {
    reaction: "stop-run",
    meaning: "A command talks to a running service, and none answers at the address.",
    remedy: "start it with `memory-connector serve`, or name its address by --url",
    requestRemedy: "see that the service runs, and that this is its address",
  },
} as const satisfies ErrorTable;
