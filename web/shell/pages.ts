import type { ComponentType } from "preact";
import { ledgerStatuses } from "../memories/ledger-state.ts";
import type { IconName } from "../parts/icon.tsx";
import { isInCalendar } from "../words/time.ts";
import type { PageProps } from "./page-props.ts";
import type { Reading } from "./router.ts";

export interface PageEntry {
  /** `/connectors/:id` */
  address: string;
  /** What of an address it reads besides. What it does not read is told. */
  reads?: readonly Reading[];
  /** In the navigation; absent for a page that another leads to. */
  tab?: { label: string; icon: IconName; hasDeadLetters?: true };
  /** The address of the tab that it belongs to, where its own does not say so. */
  below?: string;
  /** Each page is a file of its own, loaded when it is opened. */
  load: () => Promise<{ default: ComponentType<PageProps> }>;
}

/** A first and a last day or moment. What is written like neither is passed on: the service has the words for it. */
const span: readonly Reading[] = [
  ["since", isInCalendar],
  ["until", isInCalendar],
];

/** Every page, in the order of the navigation. */
export const pages: readonly PageEntry[] = [
  {
    address: "/",
    reads: ["show=needs you|waits|at work|fine|at rest", "id", "page=[1-9]\\d*"],
    tab: { label: "Overview", icon: "overview" },
    load: () => import("../pages/overview/overview-page.tsx"),
  },
  {
    address: "/errors",
    reads: ["connector", "code", "open"],
    tab: { label: "Errors", icon: "errors", hasDeadLetters: true },
    load: () => import("../pages/errors/errors-page.tsx"),
  },
  {
    address: "/memories",
    reads: [
      ...["connector", "context", "id", "text", "tag", "person", "place", "near", "radius", "area", "code"],
      ...span,
      `status=${["not_live", ...ledgerStatuses].join("|")}`,
    ],
    tab: { label: "Memories", icon: "memories" },
    load: () => import("../pages/memories/memories-page.tsx"),
  },
  {
    address: "/memories/:connectorId/:contextId/:memoryId",
    load: () => import("../pages/memory/memory-page.tsx"),
  },
  {
    address: "/connectors/:id",
    reads: ["show=all|runs|changes|errors"],
    load: () => import("../pages/connector/connector-page.tsx"),
  },
  { address: "/connectors/:id/settings", load: () => import("../pages/settings/settings-page.tsx") },
  { address: "/new-connector", load: () => import("../pages/settings/settings-page.tsx") },
  { address: "/runs/:runId", load: () => import("../pages/run/run-page.tsx") },
  {
    address: "/timeline",
    reads: ["connector", "year=\\d{4}", "month=\\d{4}-(0[1-9]|1[0-2])"],
    tab: { label: "Timeline", icon: "timeline" },
    load: () => import("../pages/timeline/timeline-page.tsx"),
  },
  {
    address: "/places",
    reads: ["connector", "size=1|0\\.1|0\\.01", "map=whole"],
    below: "/timeline",
    load: () => import("../pages/places/places-page.tsx"),
  },
  {
    address: "/graph",
    reads: ["connector", "entity", "hide", "find"],
    tab: { label: "Graph", icon: "graph" },
    load: () => import("../pages/graph/graph-page.tsx"),
  },
  {
    address: "/ask",
    reads: ["q", "mode", "connector", ...span, "near", "person", "tag"],
    tab: { label: "Ask", icon: "search" },
    load: () => import("../pages/ask/ask-page.tsx"),
  },
  {
    address: "/service",
    tab: { label: "Service", icon: "service" },
    load: () => import("../pages/alerts/alerts-page.tsx"),
  },
  {
    address: "/service/audit",
    reads: ["actor", "action", "subject", ...span],
    load: () => import("../pages/audit/audit-page.tsx"),
  },
  { address: "/service/keys", load: () => import("../pages/keys/keys-page.tsx") },
  {
    address: "/service/doctor",
    reads: ["offline=true|false"],
    load: () => import("../pages/doctor/doctor-page.tsx"),
  },
  {
    address: "/service/configuration",
    reads: ["q", "defaults=shown"],
    load: () => import("../pages/configuration/configuration-page.tsx"),
  },
];
