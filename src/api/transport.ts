import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { createSecureContext, rootCertificates, type SecureContext } from "node:tls";
import { Agent, type Dispatcher, EnvHttpProxyAgent } from "undici";
import { messageOf } from "../common/values.js";
import { SettingsError } from "../errors/errors.js";
import { isLoopback } from "../settings/endpoint.js";
import type { Setting } from "../settings/reading.js";
import type { TransportSettings } from "../settings/transport.js";

/** A page of 100 instances has some 50 kB; what passes this is not a page. */
const largestAnswer = 64 * 1024 * 1024;

/** The ways to the hosts: one that is direct, and one through the proxies where there are any. */
export class Transport {
  readonly #direct: Dispatcher;
  readonly #proxied: Dispatcher;
  readonly #proxies: readonly URL[];

  /**
   * @param connections how many connections may be open at once to one host.
   * @throws SettingsError `InvalidSetting` when the file of certificates cannot be used.
   */
  constructor({ proxy, caFile, extraCaFile }: TransportSettings, connections: number) {
    const tls = {
      // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 cannot turn the checks off.
      rejectUnauthorized: true,
      ...(caFile === undefined ? {} : { secureContext: trusting(caFile, extraCaFile) }),
    };
    const options = { connections, maxResponseSize: largestAnswer, connect: tls };
    this.#direct = new Agent(options);
    this.#proxies = [proxy?.http, proxy?.https].filter((url) => url !== undefined).map((url) => new URL(url));
    this.#proxied =
      proxy === undefined
        ? this.#direct
        : new EnvHttpProxyAgent({
            ...options,
            requestTls: tls,
            proxyTls: tls,
            // An empty text, unlike undefined, keeps undici from reading the process's environment on its own.
            httpProxy: proxy.http ?? "",
            httpsProxy: proxy.https ?? "",
            noProxy: proxy.noProxy,
          });
  }

  /** The way to a host. A plain-HTTP loopback address is on this machine, where no proxy can help. */
  to(url: URL): Dispatcher {
    return url.protocol === "http:" && isLoopback(url.hostname) ? this.#direct : this.#proxied;
  }

  /** The way that passes every proxy by, for an address that exists on this machine's own link only. */
  get direct(): Dispatcher {
    return this.#direct;
  }

  /** The proxies that a call may have failed at. */
  get proxies(): readonly URL[] {
    return this.#proxies;
  }
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Made once, because reading some 150 certificates for each connection would cost more than the connection. */
function trusting(caFile: Setting, extraCaFile: string | undefined): SecureContext {
  const certificates = readCertificates(caFile.value, caFile.source);
  const extra = extraCaFile === undefined ? [] : readExtraCertificates(extraCaFile);
  return createSecureContext({ ca: [...rootCertificates, ...extra, certificates] });
}

function readCertificates(path: string, source: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw unusable(path, source, messageOf(error));
  }
  const certificates = text.match(pemCertificate) ?? [];
  if (certificates.length === 0) {
    throw unusable(path, source, "it holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)");
  }
  for (const certificate of certificates) {
    try {
      // OpenSSL passes over a certificate that it cannot read, and says nothing.
      new X509Certificate(certificate);
    } catch {
      throw unusable(path, source, "one of its certificates cannot be read");
    }
  }
  return certificates.join("\n");
}

/** Like Node itself, which only warns of a file that it cannot read. */
function readExtraCertificates(path: string): string[] {
  try {
    return [readFileSync(path, "utf8")];
  } catch {
    return [];
  }
}

function unusable(path: string, source: string, problem: string): SettingsError {
  return new SettingsError(
    "InvalidSetting",
    `The file of certificates "${path}" (from ${source}) cannot be used: ${problem}.`,
  );
}
