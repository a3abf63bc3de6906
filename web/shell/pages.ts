import type { ComponentType } from "preact";
import { ranks } from "../connectors/connector-state.ts";
import { ledgerStatuses } from "../memories/ledger-state.ts";
import { notLive } from "../memories/memory-filter.ts";
import { modes } from "../pages/ask/question.ts";
import { actionChoices } from "../pages/audit/audit-words.ts";
import type { IconName } from "../parts/icon.tsx";
import type { PageProps } from "./page-props.ts";
import {
  area,
  beside,
  connector,
  oneOf,
  positive,
  type Reading,
  span,
  spot,
  text,
  texts,
  withoutBeside,
  written,
} from "./reading.ts";

export interface PageEntry {
  /** `/connectors/:id` */
  address: string;
  /** What it is called in its tab, and while it is not there itself. */
  name: string;
  /** What of an address it reads besides. What it does not read, or cannot go by, is left out of what it asks for, and told. */
  reads?: readonly Reading[];
  /** In the navigation, under its name or another label; absent for a page that another leads to. */
  tab?: { label?: string; icon: IconName; hasDeadLetters?: true };
  /** The address of the tab that it belongs to, where its own does not say so. */
  below?: string;
  /** Each page is a file of its own, loaded when it is opened. */
  load: () => Promise<{ default: ComponentType<PageProps> }>;
}

/** `2025-01`; in the year that is asked for, where one is. */
const month: Reading = {
  name: "month",
  fault: (value, { query }) => {
    if (!/^\d{4}-(?:0[1-9]|1[0-2])$/u.test(value)) return "no month such as 2025-01";
    const year = query.get("year");
    return year && !value.startsWith(`${year}-`) ? `no month of ${year}` : null;
  },
};

const code = (name: string): Reading => written(name, /^[A-Z][A-Z0-9_]{0,99}$/u, "no code of an error");

const page = written("page", /^[1-9]\d{0,8}$/u, "no number of a page");

/** Every page, in the order of the navigation. */
export const pages: readonly PageEntry[] = [
  {
    address: "/",
    name: "Overview",
    reads: [oneOf("show", ranks), text("id", 100), page],
    tab: { icon: "overview" },
    load: () => import("../pages/overview/overview-page.tsx"),
  },
  {
    address: "/errors",
    name: "Errors",
    reads: [connector, code("code"), code("open")],
    tab: { icon: "errors", hasDeadLetters: true },
    load: () => import("../pages/errors/errors-page.tsx"),
  },
  {
    address: "/memories",
    name: "Memories",
    reads: [
      connector,
      text("id", 500),
      ...[
        ...[
          text("context", 500),
          text("text", 500),
          ...["tag", "person", "place"].map((name) => text(name, 100)),
        ],
        ...[spot("near"), beside("near", positive("radius", 20_100)), area, code("code")],
        ...[...span, oneOf("status", [notLive, ...ledgerStatuses])],
      ].map((reading) => withoutBeside("id", reading)),
    ],
    tab: { icon: "memories" },
    load: () => import("../pages/memories/memories-page.tsx"),
  },
  {
    address: "/memories/:connectorId/:contextId/:memoryId",
    name: "Memory",
    load: () => import("../pages/memory/memory-page.tsx"),
  },
  {
    address: "/connectors/:id",
    name: "Connector",
    reads: [oneOf("show", ["all", "runs", "changes", "errors"])],
    load: () => import("../pages/connector/connector-page.tsx"),
  },
  {
    address: "/connectors/:id/settings",
    name: "Settings",
    load: () => import("../pages/settings/settings-page.tsx"),
  },
  {
    address: "/new-connector",
    name: "New connector",
    load: () => import("../pages/settings/settings-page.tsx"),
  },
  { address: "/runs/:runId", name: "Run", load: () => import("../pages/run/run-page.tsx") },
  {
    address: "/timeline",
    name: "Timeline",
    reads: [connector, written("year", /^\d{4}$/u, "no year such as 2025"), month],
    tab: { icon: "timeline" },
    load: () => import("../pages/timeline/timeline-page.tsx"),
  },
  {
    address: "/places",
    name: "Places",
    reads: [
      connector,
      ...span,
      ...[oneOf("size", ["1", "0.1", "0.01"]), oneOf("map", ["whole"])].map((reading) =>
        withoutBeside("since", withoutBeside("until", reading)),
      ),
    ],
    below: "/timeline",
    load: () => import("../pages/places/places-page.tsx"),
  },
  {
    address: "/graph",
    name: "Graph",
    reads: [connector, texts("entity", 500), texts("hide", 500), text("find", 500)],
    tab: { icon: "graph" },
    load: () => import("../pages/graph/graph-page.tsx"),
  },
  {
    address: "/ask",
    name: "Ask",
    reads: [
      text("q", 10_000),
      oneOf(
        "mode",
        modes.map(([mode]) => mode),
      ),
      connector,
      ...span,
      spot("near"),
      text("person", 100),
      text("tag", 100),
    ],
    tab: { icon: "search" },
    load: () => import("../pages/ask/ask-page.tsx"),
  },
  {
    address: "/service",
    name: "Alerts",
    tab: { label: "Service", icon: "service" },
    load: () => import("../pages/alerts/alerts-page.tsx"),
  },
  {
    address: "/service/audit",
    name: "Audit",
    reads: [text("actor", 200), oneOf("action", actionChoices), text("subject", 1000), ...span],
    load: () => import("../pages/audit/audit-page.tsx"),
  },
  { address: "/service/keys", name: "Keys", load: () => import("../pages/keys/keys-page.tsx") },
  {
    address: "/service/doctor",
    name: "Doctor",
    reads: [oneOf("offline", ["true", "false"])],
    load: () => import("../pages/doctor/doctor-page.tsx"),
  },
  {
    address: "/service/configuration",
    name: "Configuration",
    reads: [text("q", 500), oneOf("defaults", ["shown"])],
    load: () => import("../pages/configuration/configuration-page.tsx"),
  },
];
