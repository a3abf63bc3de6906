import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { getCACertificates } from "node:tls";
import { ConnectorError } from "../errors/connector-error.ts";

const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu;

/**
 * The certificate authorities to trust, as PEM texts: Node's defaults, NODE_EXTRA_CA_CERTS included, and those of a PEM file.
 * Throws `CA_UNREADABLE`.
 */
export function authoritiesWith(path: string): string[] {
  const own = readText(path).match(certificate) ?? [];
  if (own.length === 0) throw unreadable(path, "holds no certificate");
  for (const pem of own) prove(pem, path);
  return [...getCACertificates("default"), ...own];
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    throw unreadable(path, `cannot be read (${(error as NodeJS.ErrnoException).code})`, error);
  }
}

/** OpenSSL silently skips certificates that it cannot parse. */
function prove(pem: string, path: string): void {
  try {
    new X509Certificate(pem);
  } catch (error) {
    throw unreadable(path, "holds a certificate that is damaged", error);
  }
}

function unreadable(path: string, what: string, cause?: unknown): ConnectorError {
  return new ConnectorError("CA_UNREADABLE", `the file of certificate authorities ${path} ${what}`, {
    subject: path,
    cause,
  });
}
