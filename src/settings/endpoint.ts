import { isIPv4 } from "node:net";
import { SettingsError } from "../errors/errors.js";
import { argument, type ConnectionArgs, invalid, type Setting, type SettingsReader } from "./reading.js";
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
    throw new SettingsError(
      "UnknownRegion",
      `Invalid ${named.source}: OutboundBot isn't available in ${shownRegion(named.value)}, only in ${servedRegion}.`,
      { setting: named.key, advice: "Remove the region, or set outboundbot:endpoint as well." },
    );
  }
  return { protocol: "https", host: hosts[network] };
}

/** Returns a region's name, for messages. Any other text may be a secret set under the wrong key, so it isn't shown. */
function shownRegion(region: string): string {
  return /^[a-z]{2}(-[a-z0-9]{1,16}){1,3}$/.test(region) ? region : "this region";
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
export function parseEndpoint(setting: Setting): Endpoint {
  const text = setting.value;
  const hasScheme = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//.test(text);
  const address = hasScheme ? text : `https://${text}`;
  if (!URL.canParse(address)) {
    return refuse(setting, "must be a host, host:port or URL");
  }
  const url = new URL(address);
  if (url.username !== "" || url.password !== "") {
    return refuse(setting, "must not contain a user name or password");
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    return refuse(setting, "must not have a path, query or fragment");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return refuse(setting, "must have the scheme https, or http for a loopback address");
  }
  const loopback = isLoopback(url.hostname);
  if (url.protocol === "http:" && !loopback) {
    return refuse(setting, "must use https, because the address is not a loopback address");
  }
  if (hasScheme) {
    return { protocol: url.protocol === "http:" ? "http" : "https", host: url.host };
  }
  // Parsing drops the default port of a scheme, so the host is parsed with its final scheme.
  const protocol = loopback ? "http" : "https";
  return { protocol, host: new URL(`${protocol}://${text}`).host };
}

/** Returns whether the host name of a URL is this machine. */
function isLoopback(hostname: string): boolean {
  return (
    hostname === "localhost" || hostname === "[::1]" || (isIPv4(hostname) && hostname.startsWith("127."))
  );
}

/** Throws an error without the rejected value, which may hold a password or be a secret set under the wrong key. */
function refuse({ source, key }: Setting, problem: string): never {
  throw new SettingsError("InvalidEndpoint", `Invalid endpoint from ${source}: ${problem}.`, {
    setting: key,
  });
}
