import { styleText } from "node:util";
import { printable } from "../kernel/util/terminal-text.ts";
import { levelNames } from "./log-settings.ts";

const colours = {
  DEBUG: "gray",
  INFO: "green",
  WARNING: "yellow",
  ERROR: "red",
  CRITICAL: "magenta",
} as const;
const levelWidth = Math.max(...Object.values(levelNames).map((name) => name.length));

/**
 * Formats a JSON line for people: `2026-01-31T08:00:00.000Z INFO orchestrator run ended connector_id=personal new=3`. A line that
 * is not a JSON object is returned unchanged.
 */
export function toText(jsonLine: string, colorize: boolean): string {
  const fields = parse(jsonLine);
  if (fields === null) return jsonLine;
  const { time, level, component, msg, ...others } = fields;
  const told = [component, msg].filter(Boolean).map((part) => printable(String(part)));
  const head = [String(time), shownLevel(String(level), colorize), ...told];
  const tail = Object.entries(others).flatMap(([key, value]) => shownFields(key, value));
  const shownTail = printable(tail.join(" "));
  return `${[...head, ...(tail.length > 0 ? [colorize ? dim(shownTail) : shownTail] : [])].join("  ")}\n`;
}

function parse(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

function shownLevel(level: string, colorize: boolean): string {
  const padded = level.padEnd(levelWidth);
  const colour = colours[level as keyof typeof colours];
  return colorize && colour !== undefined ? styleText(colour, padded, { validateStream: false }) : padded;
}

function dim(text: string): string {
  return styleText("dim", text, { validateStream: false });
}

/** Nested objects are flattened: `counts.new=3`. */
function shownFields(key: string, value: unknown): string[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return [`${key}=${JSON.stringify(value)}`];
  if (typeof value === "object") {
    return Object.entries(value).flatMap(([inner, nested]) => shownFields(`${key}.${inner}`, nested));
  }
  const text = String(value);
  return [`${key}=${/^[\w.:/@+-]+$/.test(text) ? text : JSON.stringify(text)}`];
}
