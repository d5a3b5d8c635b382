import { isIPv4 } from "node:net";
import { SettingsError } from "../errors/errors.js";

/** Where the service is reached. */
export interface Endpoint {
  readonly protocol: "https" | "http";
  /** `host` or `host:port`, as it stands in the Host header. */
  readonly host: string;
}

/** The address of an endpoint, as a URL without a path. */
export function originOf({ protocol, host }: Endpoint): string {
  return `${protocol}://${host}`;
}

const servedRegion = "cn-shanghai";

/** The region that is looked in when none is named: the only one that OutboundBot serves. */
export const defaultRegion = servedRegion;

/** The networks that the service is reached from: any, or a virtual private cloud of the vendor in the same region. */
export const networks = ["public", "vpc"] as const;
export type Network = (typeof networks)[number];

const hosts: Readonly<Record<Network, string>> = {
  public: "outboundbot.cn-shanghai.aliyuncs.com",
  vpc: "outboundbot-vpc.cn-shanghai.aliyuncs.com",
};

/**
 * The service's own endpoint in a region.
 *
 * @throws SettingsError `UnknownRegion` for a region that OutboundBot does not serve.
 */
export function regionEndpoint(region: string, source: string, network: Network): Endpoint {
  if (region !== servedRegion) {
    throw new SettingsError(
      "UnknownRegion",
      `OutboundBot does not serve the region "${region}" (from ${source}); it serves ${servedRegion} only. Leave the region out, or name an endpoint as well.`,
    );
  }
  return { protocol: "https", host: hosts[network] };
}

/**
 * Reads an endpoint given as `host`, `host:port` or a URL. Without a scheme it is HTTPS, or HTTP for a loopback address.
 *
 * @throws SettingsError `InvalidEndpoint`, also for plain HTTP to anything but loopback: it would send a signed request,
 * and a security token, in the clear.
 */
export function parseEndpoint(text: string, source: string): Endpoint {
  const hasScheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text);
  const address = hasScheme ? text : `https://${text}`;
  if (!URL.canParse(address)) {
    // What stands before an @ may be a password, which nothing can be cut out of what is no URL.
    const shown = text.includes("@") ? undefined : text;
    return refuse(shown, source, "it is neither a host, nor host:port, nor a URL");
  }
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") {
    return refuse(undefined, source, "it must not hold a user name or password");
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return refuse(text, source, "it must not have a path, query or fragment");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return refuse(text, source, "its scheme must be https, or http for a loopback address");
  }
  const loopback = isLoopback(url.hostname);
  if (url.protocol === "http:" && !loopback) {
    return refuse(text, source, "plain http is accepted for loopback addresses only; use https");
  }
  if (hasScheme) {
    return { protocol: url.protocol === "http:" ? "http" : "https", host: url.host };
  }
  // A port equal to the default of the scheme assumed above would be lost, so the host is read with the scheme it gets.
  const protocol = loopback ? "http" : "https";
  return { protocol, host: new URL(`${protocol}://${text}`).host };
}

/** Whether a host name as it stands in a URL is this machine itself. */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" || hostname === "[::1]" || (isIPv4(hostname) && hostname.startsWith("127."))
  );
}

function refuse(text: string | undefined, source: string, problem: string): never {
  const shown = text === undefined ? "" : ` "${text}"`;
  throw new SettingsError(
    "InvalidEndpoint",
    `The endpoint${shown} (from ${source}) cannot be used: ${problem}.`,
  );
}
