import { signal } from "@preact/signals";
import type { LiveEvent } from "../../src/api/live/live-feed.ts";
import { answers, apiAddress, heard, lastHeardAt, outage } from "./request.ts";

export type { LiveEvent };

/** `away` since a time in milliseconds: what the page shows is of then. */
export const connection = signal<{ state: "connecting" | "live" } | { state: "away"; since: number }>({
  state: "connecting",
});

type Listener = (event: LiveEvent) => void;

const listeners = new Set<Listener>();

/** The first and the longest pause before the stream is opened again. Milliseconds. */
const shortestPauseMs = 1_000;
const longestPauseMs = 15_000;

/** A service that was silent for so long is asked whether it is there: a browser does not tell the heartbeat of its streams. Milliseconds. */
const silenceMs = 10_000;

let stream: EventSource | null = null;
let lastId: string | null = null;
let pauseMs = shortestPauseMs;
let retry: ReturnType<typeof setTimeout> | undefined;
let pulse: ReturnType<typeof setTimeout> | undefined;
/** How often the stream has failed since it was open, and when it began to. */
let failures = 0;
let failingSince = 0;

/** Called with every event of the service, and with `missed` where some were lost. Returns a function that ends it. */
export function onLiveEvent(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** Opens the one stream that the whole page shares. What came since the last event that the page knows comes first. */
export function openLive(types: readonly LiveEvent["type"][]): void {
  closeLive();
  const search = lastId === null ? "" : `?lastEventId=${encodeURIComponent(lastId)}`;
  const opened = new EventSource(apiAddress(`events${search}`));
  stream = opened;
  feelLater(types);
  opened.onopen = () => {
    heard();
    feelLater(types);
    pauseMs = shortestPauseMs;
    const isFirst = failures === 0 && connection.peek().state === "connecting";
    if (!isFirst && lastId === null) tell(missedAll());
    failures = 0;
    connection.value = { state: "live" };
    outage.isOver();
  };
  opened.onerror = () => {
    if (stream !== opened) return;
    // The browser comes back by itself from a broken connection, and never from a refusal.
    if (opened.readyState === EventSource.CLOSED) openLater(types);
    if (failures === 0) failingSince = Date.now();
    failures += 1;
    void findOut(opened);
  };
  for (const type of types) opened.addEventListener(type, (message) => take(message as MessageEvent<string>));
}

export function closeLive(): void {
  clearTimeout(retry);
  clearTimeout(pulse);
  stream?.close();
  stream = null;
}

function openLater(types: readonly LiveEvent["type"][]): void {
  clearTimeout(retry);
  retry = setTimeout(() => void openAgain(types), pauseMs);
  pauseMs = Math.min(pauseMs * 2, longestPauseMs);
}

/**
 * A stream that has ended may mean that the service is away, or that nobody is signed in any more: the question about the session tells
 * which, and shows the way to sign in. A service that answers and lets no stream through a second time is not live either.
 */
async function findOut(ended: EventSource): Promise<void> {
  const isAnswering = await answers();
  if (stream !== ended || failures === 0 || connection.value.state === "away") return;
  const isAway = !isAnswering || failures > 1;
  connection.value = isAway ? { state: "away", since: failingSince } : { state: "connecting" };
}

async function openAgain(types: readonly LiveEvent["type"][]): Promise<void> {
  const isAnswering = await answers();
  if (stream === null) return;
  if (isAnswering) openLive(types);
  else openLater(types);
}

function feelLater(types: readonly LiveEvent["type"][]): void {
  clearTimeout(pulse);
  pulse = setTimeout(() => void feel(types), Math.max(0, lastHeardAt() + silenceMs - Date.now()) + 1);
}

/** Asks a service that is silent whether it is there. One that hangs keeps its stream open, so the stream is opened anew. */
async function feel(types: readonly LiveEvent["type"][]): Promise<void> {
  const felt = stream;
  const isSilent = Date.now() - lastHeardAt() >= silenceMs;
  const isAnswering = !isSilent || (await answers());
  if (stream !== felt) return;
  if (isAnswering) return feelLater(types);
  if (failures === 0) failingSince = lastHeardAt();
  failures += 1;
  if (connection.value.state !== "away") connection.value = { state: "away", since: failingSince };
  openLater(types);
}

function take({ data, lastEventId }: MessageEvent<string>): void {
  hear({ ...(JSON.parse(data) as LiveEvent), id: lastEventId });
}

/** Takes an event that came by the stream, here or in another tab. */
export function hear(event: LiveEvent): void {
  if (event.id !== "") lastId = event.id;
  heard();
  tell(event);
}

/** Takes how the stream stands that another tab holds. */
export function hearConnection(stands: typeof connection.value): void {
  connection.value = stands;
  if (stands.state === "live") outage.isOver();
}

function tell(event: LiveEvent): void {
  for (const listener of listeners) listener(event);
}

function missedAll(): LiveEvent {
  return { id: "", type: "missed", at: new Date().toISOString(), connectorId: null, data: null };
}
