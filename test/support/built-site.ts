import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, posix } from "node:path";
import { decodeHTML } from "entities";

/** A page of the built site. */
export interface BuiltPage {
  /** As a browser asks for it: `/`, `/api/`. */
  address: string;
  html: string;
  /** What a link may lead to inside of it. */
  anchors: ReadonlySet<string>;
  /** All that it links to. */
  links: readonly string[];
  /** All that a browser fetches by itself to show it. */
  assets: readonly string[];
}

export function readBuiltPages(folder: string): BuiltPage[] {
  return globSync("**/*.html", { cwd: folder }).map((path) => {
    const html = readFileSync(join(folder, path), "utf8");
    return {
      address: `/${path.replaceAll("\\", "/").replace(/index\.html$/u, "")}`,
      html,
      anchors: new Set(valuesOf(html, /\sid="([^"]*)"/gu)),
      links: valuesOf(html, /<a\b[^>]*?\shref="([^"]*)"/gu),
      assets: [
        ...valuesOf(
          html,
          /<(?:script|img|iframe|source|video|audio|embed|object)\b[^>]*?\s(?:src|data)="([^"]*)"/gu,
        ),
        ...valuesOf(html, /<link\b(?![^>]*rel="(?:canonical|alternate)")[^>]*?\shref="([^"]*)"/gu),
        ...valuesOf(html, /<form\b[^>]*?\saction="([^"]*)"/gu),
        ...fetchedByStyle(html),
      ],
    };
  });
}

/** The addresses that a style sheet makes a browser fetch. */
export function fetchedByStyle(css: string): string[] {
  return [...valuesOf(css, /url\(\s*["']?([^"')]+)/gu), ...valuesOf(css, /@import\s+["']([^"']+)/gu)];
}

const valuesOf = (text: string, pattern: RegExp): string[] =>
  Array.from(text.matchAll(pattern), ([, value = ""]) => decodeHTML(value));

/** An address that a page names, as one of the site: without what follows `?` and `#`. */
export function addressFrom(page: BuiltPage, target: string): { address: string; anchor: string } {
  const { pathname, hash } = new URL(target, `http://site${page.address}`);
  return { address: posix.normalize(pathname), anchor: decodeURIComponent(hash.slice(1)) };
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

/** A server of nothing but the files of a folder, as any that the site may lie on, on a free port of loopback. */
export async function serveSite(folder: string): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://site");
    const path = join(folder, pathname.endsWith("/") ? `${pathname}index.html` : pathname);
    try {
      const content = readFileSync(path);
      response.setHeader("Content-Type", types[extname(path)] ?? "application/octet-stream");
      response.end(content);
    } catch {
      response.writeHead(404).end();
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}
