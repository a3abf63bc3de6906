import type { ComponentType } from "preact";
import type { IconName } from "../parts/icon.tsx";
import type { PageProps } from "./page-props.ts";

export interface PageEntry {
  /** `/connectors/:id` */
  address: string;
  /** In the navigation; absent for a page that another leads to. */
  tab?: { label: string; icon: IconName; hasDeadLetters?: true };
  /** Each page is a file of its own, loaded when it is opened. */
  load: () => Promise<{ default: ComponentType<PageProps> }>;
}

/** Every page, in the order of the navigation. */
export const pages: readonly PageEntry[] = [
  {
    address: "/",
    tab: { label: "Overview", icon: "overview" },
    load: () => import("../pages/overview/overview-page.tsx"),
  },
  {
    address: "/errors",
    tab: { label: "Errors", icon: "errors", hasDeadLetters: true },
    load: () => import("../pages/errors/errors-page.tsx"),
  },
  {
    address: "/memories",
    tab: { label: "Memories", icon: "memories" },
    load: () => import("../pages/memories/memories-page.tsx"),
  },
  {
    address: "/memories/:connectorId/:contextId/:memoryId",
    load: () => import("../pages/memory/memory-page.tsx"),
  },
  { address: "/connectors/:id", load: () => import("../pages/connector/connector-page.tsx") },
  { address: "/connectors/:id/settings", load: () => import("../pages/settings/settings-page.tsx") },
  { address: "/new-connector", load: () => import("../pages/settings/settings-page.tsx") },
  { address: "/runs/:runId", load: () => import("../pages/run/run-page.tsx") },
  {
    address: "/timeline",
    tab: { label: "Timeline", icon: "timeline" },
    load: () => import("../pages/timeline/timeline-page.tsx"),
  },
  { address: "/places", load: () => import("../pages/places/places-page.tsx") },
  {
    address: "/graph",
    tab: { label: "Graph", icon: "graph" },
    load: () => import("../pages/graph/graph-page.tsx"),
  },
  {
    address: "/ask",
    tab: { label: "Ask", icon: "search" },
    load: () => import("../pages/ask/ask-page.tsx"),
  },
  {
    address: "/service",
    tab: { label: "Service", icon: "service" },
    load: () => import("../pages/alerts/alerts-page.tsx"),
  },
  { address: "/service/audit", load: () => import("../pages/audit/audit-page.tsx") },
  { address: "/service/keys", load: () => import("../pages/keys/keys-page.tsx") },
  { address: "/service/doctor", load: () => import("../pages/doctor/doctor-page.tsx") },
  { address: "/service/configuration", load: () => import("../pages/configuration/configuration-page.tsx") },
];
