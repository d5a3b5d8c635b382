import { isIPv4 } from "node:net";
import { SettingsError } from "../errors/errors.js";
import {
  argument,
  type ConnectionArgs,
  invalid,
  type Setting,
  SettingsReader,
  type SettingsSources,
} from "./reading.js";
import { settingKeys } from "./settingKeys.js";

/** The endpoint of the service. */
export interface Endpoint {
  readonly protocol: "https" | "http";
  /** `host` or `host:port`, as in the Host header. */
  readonly host: string;
}

/** Returns an endpoint as a URL without a path. */
export function originOf({ protocol, host }: Endpoint): string {
  return `${protocol}://${host}`;
}

const servedRegion = settingKeys.region.default;

const hosts = {
  public: "outboundbot.cn-shanghai.aliyuncs.com",
  vpc: "outboundbot-vpc.cn-shanghai.aliyuncs.com",
} as const;

type Network = keyof typeof hosts;

/**
 * Resolves the endpoint of the service.
 *
 * @throws SettingsError `UnknownRegion` for a region where OutboundBot isn't available.
 */
export function resolveEndpoint({ endpoint, region }: ConnectionArgs, reader: SettingsReader): Endpoint {
  const address = endpoint === undefined ? reader.first("endpoint") : argument("endpoint", endpoint);
  if (address !== undefined) {
    return parseEndpoint(address);
  }
  const network = resolveNetwork(reader);
  const named = region === undefined ? reader.first("region") : argument("region", region);
  if (named !== undefined && named.value !== servedRegion) {
    // Any other text may be a secret set under the wrong key, so it isn't shown.
    const shown = /^[a-z]{2}(-[a-z0-9]{1,16}){1,3}$/.test(named.value) ? named.value : "this region";
    throw new SettingsError(
      "UnknownRegion",
      `Invalid ${named.source}: OutboundBot isn't available in ${shown}, only in ${servedRegion}.`,
      { setting: named.key, advice: "Remove the region, or set outboundbot:endpoint as well." },
    );
  }
  return { protocol: "https", host: hosts[network] };
}

/** Returns whether an endpoint is the vendor's, on this machine, or the configured one. */
export function isTrustedEndpoint(endpoint: string, sources: SettingsSources): boolean {
  const { host } = parseEndpoint(argument("endpoint", endpoint));
  const { hostname } = new URL(`https://${host}`);
  const configured = new SettingsReader(sources).first("endpoint");
  return (
    hostname.endsWith(".aliyuncs.com") ||
    isLoopback({ hostname }) ||
    (configured !== undefined && parseEndpoint(configured).host === host)
  );
}

/** Resolves the network from which the service is reached. */
export function resolveNetwork(reader: SettingsReader): Network {
  const setting = reader.first("network");
  if (setting === undefined) {
    return settingKeys.network.default;
  }
  const { value } = setting;
  if (value !== "public" && value !== "vpc") {
    throw invalid(setting, settingKeys.network.accepts);
  }
  return value;
}

/**
 * Parses an endpoint given as `host`, `host:port` or a URL. Without a scheme it is HTTPS, or HTTP for a loopback address.
 *
 * @throws SettingsError `InvalidEndpoint`, also for plain HTTP to a host that isn't loopback, which would send signed requests
 * and security tokens unencrypted.
 */
export function parseEndpoint({ value, source, key }: Setting): Endpoint {
  const hasScheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(value);
  const address = hasScheme ? value : `https://${value}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const problem = problemOf(url);
  if (url === undefined || problem !== undefined) {
    // The rejected value isn't shown, because it may hold a password or be a secret set under the wrong key.
    throw new SettingsError("InvalidEndpoint", `Invalid endpoint from ${source}: ${problem}.`, {
      setting: key,
    });
  }
  if (hasScheme) {
    return { protocol: url.protocol === "http:" ? "http" : "https", host: url.host };
  }
  // Parsing drops the default port of a scheme, so the host is parsed with its final scheme.
  const protocol = isLoopback(url) ? "http" : "https";
  return { protocol, host: new URL(`${protocol}://${value}`).host };
}

function problemOf(url: URL | undefined): string | undefined {
  if (url === undefined) {
    return "must be a host, host:port or URL";
  }
  if (url.username !== "" || url.password !== "") {
    return "must not contain a user name or password";
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return "must not have a path, query or fragment";
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return "must have the scheme https, or http for a loopback address";
  }
  return url.protocol === "http:" && !isLoopback(url)
    ? "must use https, because the address is not a loopback address"
    : undefined;
}

/** Returns whether a URL leads to this machine. */
function isLoopback({ hostname }: Pick<URL, "hostname">): boolean {
  return (
    hostname === "localhost" || hostname === "[::1]" || (isIPv4(hostname) && hostname.startsWith("127."))
  );
}
